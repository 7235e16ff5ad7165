"""A company said less of a day: the student reads why, and answers once."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from attendance import services
from attendance.day_forms import DisputeAnswerForm
from attendance.days import hours_text
from attendance.models import ConfirmedDay, DisputedDay
from stage.core.enums import Audience
from stage.core.ui import seen
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict


@allow(Audience.STUDENT, methods=("GET", "POST"))
def dispute_answer(request, day):
    """What the company says of my day, and my answer."""
    actor = request.actor
    rows = DisputedDay.objects.visible_to(actor).standing()
    # Not who said it: somebody of the company whom the student may not know, or no longer.
    dispute = get_object_or_404(
        rows.select_related("placement__company"), student_id=actor.student_id, date=day
    )
    form = DisputeAnswerForm(request.POST or None)
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
    response = form_page(request, "attendance/dispute_answer.html", context)
    return seen.mark(request, response, dispute.key)
