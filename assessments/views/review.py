"""Handed-in work as staff look at it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import policies
from assessments.enums import TONES
from assessments.filters import WORK_STATES, HandInFilters
from assessments.forms import AGAIN, ReviewForm
from assessments.models import HandIn
from assessments.services import work as services
from assessments.workflow import HAND_IN
from stage.core.enums import STAFF
from stage.core.models import Membership
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require


@allow(*STAFF)
@reads(HandInFilters, kept_as=gettext_lazy("Nakijken"))
def hand_in_list(request):
    """Work to look at; other states, one class or one teacher on request."""
    actor, filters = request.actor, request.filters
    own = HandIn.objects.visible_to(actor)
    classes = own.exclude(student__school_class="").order_by("student__school_class")
    classes = classes.values_list("student__school_class", flat=True).distinct()
    rows = filters.narrow(own).select_related("assignment", "student", "company")
    page_obj = page_of(rows.order_by("handed_in_at", "due", "pk"), filters)
    for row in page_obj:
        row.tone = TONES[row.state]
    context = {
        "page_obj": page_obj,
        "state": filters.wanted_state,
        "states": WORK_STATES,
        "classes": classes,
        "chosen_class": filters.shown["klas"],
        "teacher": filters.shown["teacher"],
        "teachers": _teachers(actor) if actor.is_coordinator else [],
    }
    return render(request, "assessments/hand_in_list.html", context)


def _teachers(actor):
    return Membership.objects.visible_to(actor).active().staff().order_by("name", "pk")


@allow(*STAFF, methods=("GET", "POST"))
def hand_in_show(request, public_id):
    """One student's work: read it, look at the evidence; the teacher of the placement judges."""
    rows = HandIn.objects.visible_to(request.actor).select_related(
        "assignment__elective", "placement__student", "company"
    )
    row = get_object_or_404(rows, public_id=public_id)
    leads = policies.review(request.actor, row)
    if request.method == "POST":
        require(policies.review, request.actor, row)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _review(request, row, form.cleaned_data)
    row.tone = TONES[row.state]
    context = {
        "hand_in": row,
        "evidence": row.evidence.select_related("file"),
        "form": form,
        "leads": leads,
        "possible": HAND_IN.possible(row, request.actor),
    }
    return form_page(request, "assessments/hand_in_show.html", context)


def _review(request, row: HandIn, data: dict):
    act = services.give_back_work if data["verdict"] == AGAIN else services.finish_work
    try:
        act(row, feedback=data["feedback"], actor=request.actor)
    except Conflict as error:
        notice(request, str(error), tone="attention")
        return redirect("assessments:hand_in_show", row.public_id)
    again = data["verdict"] == AGAIN
    notice(request, _("Teruggegeven aan de leerling.") if again else _("De opdracht is klaar."))
    return redirect("assessments:hand_in_list")
