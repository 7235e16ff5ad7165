"""A company said less of a day: the student reads why, and answers once."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance import policies, services
from attendance.day_forms import DisputeAnswerForm
from attendance.days import hours_text
from attendance.models import AGREES, ConfirmedDay, DisputedDay
from attendance.queries.disputes import open_disputes
from attendance.views.staff import own_placement
from stage.core.enums import STAFF, Audience
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require


@allow(Audience.STUDENT, methods=("GET", "POST"))
def dispute_answer(request, day):
    """What the company says of my day, and my answer."""
    actor = request.actor
    rows = DisputedDay.objects.visible_to(actor).standing()
    # Not who said it: somebody of the company whom the student may not know, or no longer.
    dispute = get_object_or_404(
        rows.select_related("placement__company"), student_id=actor.student_id, date=day
    )
    sent = request.POST or None
    form = DisputeAnswerForm({"words": AGREES} if sent and "agrees" in sent else sent)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_dispute(dispute, actor=actor, words=form.cleaned_data["words"])
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            notice(request, _("Verstuurd. Je stagebegeleider en het bedrijf lezen het."))
            return redirect("attendance:dispute_answer", day)
    said = ConfirmedDay.objects.visible_to(actor).current()
    minutes = said.filter(placement=dispute.placement_id, date=day).values_list("minutes").first()
    context = {
        "form": form,
        "dispute": dispute,
        "hours": hours_text(minutes[0]) if minutes else "",
        "was_there": bool(minutes and minutes[0]),
    }
    return form_page(request, "attendance/dispute_answer.html", context)


@allow(*STAFF)
@reads(ListFilters)
def dispute_list(request):
    """Days of which company and student say something else, and nobody settled it."""
    page = page_of(open_disputes(request.actor), request.filters)
    return render(request, "attendance/dispute_list.html", {"page_obj": page})


@allow(*STAFF, methods=("POST",))
def dispute_settle(request, public_id, day):
    """Spoken with both."""
    try:
        services.settle_dispute(_dispute(request, public_id, day), actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        undo = reverse("attendance:dispute_unsettle", args=[public_id, day])
        notice(request, _("Afgehandeld. De uren zijn zoals het bedrijf zegt."), undo_url=undo)
    return redirect("attendance:dispute_list")


@allow(*STAFF, methods=("POST",))
def dispute_unsettle(request, public_id, day):
    """It was pressed by mistake."""
    services.unsettle_dispute(_dispute(request, public_id, day), actor=request.actor)
    notice(request, _("Het staat er weer."))
    return redirect("attendance:dispute_list")


def _dispute(request, public_id, day) -> DisputedDay:
    placement = own_placement(request, public_id)
    require(policies.settle, request.actor, placement)
    rows = DisputedDay.objects.visible_to(request.actor).standing().select_related("placement")
    return get_object_or_404(rows, placement=placement, date=day)
