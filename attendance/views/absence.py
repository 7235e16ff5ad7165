"""Ill, later, sooner or away, and back: by the student; guardian and company share the form."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Coalesce, Greatest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance import services
from attendance.enums import PARTLY
from attendance.forms import AbsenceForm
from attendance.models import Absence
from attendance.queries.absences import absences_to_come
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui import offline
from stage.core.ui.filters import LAST_DAY
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.once import once
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import SchoolSettings


def open_illness(actor) -> Absence | None:
    """The absence from which this student has not come back."""
    rows = Absence.objects.visible_to(actor).open().filter(student_id=actor.student_id)
    return rows.select_related("placement").first()


def last_word(actor, placement: Placement | None = None) -> Absence | None:
    """What was said last about today or later, and stands: of one's own, or of a placement."""
    rows = Absence.objects.visible_to(actor).touching(school_today() - timedelta(1), LAST_DAY)
    mine = {"student_id": actor.student_id} if placement is None else {"placement": placement}
    rows = rows.filter(**mine).annotate(
        said=Greatest("reported_at", Coalesce("back_at", "reported_at"))
    )
    return rows.select_related("placement").order_by("-said", "-pk").first()


@allow(Audience.STUDENT, methods=("GET", "POST"))
@once
def absence_report(request):
    """Ill, later, an appointment: told to school and company in one go."""
    form = AbsenceForm(request.POST or None, audience="student", said_at=request.happened_at)
    if request.method == "POST" and report(form, request.actor):
        notice(
            request,
            _("Gemeld. Over twee minuten krijgen school en bedrijf bericht."),
            undo_url=reverse("attendance:absence_undo"),
        )
        return redirect("web:home")
    response = form_page(
        request,
        "attendance/absence_report.html",
        {
            "form": form,
            "illness": open_illness(request.actor),
            "absences": absences_to_come(request.actor, student_id=request.actor.student_id),
            "settings": SchoolSettings.objects.of(request.actor.school_id),
        },
    )
    return offline.keep(response)


def report(form: AbsenceForm, actor) -> bool:
    """Store what the form says about the actor's student; False with the reason in the form."""
    if not form.is_valid():
        return False
    placement = services.placement_for_absence(actor, form.day, actor.student_id, form.until)
    if placement is None:
        form.add_error("when", _("Er is dan geen stage. Melden hoeft niet."))
        return False
    return store(form, placement, actor)


def store(form: AbsenceForm, placement: Placement, actor, report=services.report_absence) -> bool:
    """Store the report for a placement; False with the reason in the form."""
    try:
        report(
            placement,
            actor=actor,
            kind=form.cleaned_data["kind"],
            day=form.day,
            until=form.until,
            at_time=form.cleaned_data["at_time"],
            note=form.cleaned_data["note"],
        )
    except Conflict as conflict:
        form.add_error("at_time" if form.cleaned_data["kind"] in PARTLY else "when", str(conflict))
        return False
    return True


@allow(Audience.STUDENT, methods=("POST",))
@once
def absence_undo(request):
    """It is not so after all: the latest word of today, or of tomorrow, is taken back."""
    take_back(request)
    return redirect("web:home")


def take_back(request, placement: Placement | None = None) -> None:
    """Take back the latest word about this student, or about this placement; and say so."""
    absence = last_word(request.actor, placement)
    try:
        if absence is None:
            raise Conflict(_("Er is niets om ongedaan te maken."))
        told = services.take_back_absence(absence, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        words = _("Ongedaan gemaakt. Wie dit wist, krijgt daar bericht van.")
        notice(request, words if told else _("Ongedaan gemaakt. Niemand krijgt bericht."))


@allow(Audience.STUDENT, methods=("POST",))
@once
def absence_back(request):
    """Weer beter."""
    absence = open_illness(request.actor)
    try:
        if absence is None:
            raise Conflict(_("Je stond niet meer als ziek gemeld."))
        services.close_absence(absence, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="info")
    else:
        notice(
            request,
            _("Fijn dat je weer beter bent."),
            undo_url=reverse("attendance:absence_undo") if absence.back_at else "",
        )
    return redirect("web:home")
