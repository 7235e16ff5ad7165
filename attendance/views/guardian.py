"""A guardian reports its child ill, late or away."""

from __future__ import annotations

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from attendance import services
from attendance.forms import AbsenceForm
from attendance.queries.absences import absences_to_come
from attendance.views.absence import last_word, open_illness, report, take_back
from attendance.views.company import only_proven
from attendance.words import absence_words
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Student


def _said(actor) -> dict | None:
    """What the guardian said and can still take back."""
    last = last_word(actor)
    if last is None or last.reported_kind != actor.role or last.back_at is not None:
        return None
    return {"words": absence_words(last), "day": last.starts, "can_undo": last.can_be_taken_back}


@allow(Audience.GUARDIAN, methods=("GET", "POST"))
def guardian_absence(request):
    """One form: what, when; and back again when the child is reported ill."""
    only_proven(request.actor)
    is_back = request.POST.get("action") == "back"
    pressed = bool(request.POST.get("action"))
    form = AbsenceForm(None if pressed else request.POST or None, audience="guardian")
    if request.POST.get("action") == "undo":
        take_back(request)
        return redirect("attendance:guardian_absence")
    illness = open_illness(request.actor)
    if is_back and illness is not None:
        try:
            services.close_absence(illness, actor=request.actor)
        except Conflict as conflict:
            notice(request, str(conflict), tone="info")
        else:
            notice(request, _("Dank u. School en bedrijf weten dat uw kind weer beter is."))
        return redirect("attendance:guardian_absence")
    if request.method == "POST" and not is_back and report(form, request.actor):
        notice(request, _("Dank u. Over twee minuten krijgen school en bedrijf bericht."))
        return redirect("attendance:guardian_absence")
    context = {
        "form": form,
        "illness": illness,
        "said": _said(request.actor),
        "absences": absences_to_come(request.actor, student_id=request.actor.student_id),
        "student": Student.objects.visible_to(request.actor).first(),
    }
    return form_page(request, "attendance/guardian_absence.html", context)
