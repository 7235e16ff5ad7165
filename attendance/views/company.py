"""For the company: who is here today, and somebody who is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance import policies, queries, services
from attendance.days import week_of
from attendance.forms import AbsenceForm
from attendance.models import Absence
from attendance.queries.absences import absences_to_come
from attendance.queries.company import names_of, trainees
from attendance.views.absence import store, take_back
from attendance.ways import day_end_at, ways_of
from attendance.words import end_words, told_of
from companies.enums import AttendanceMode
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, NotAllowed, require

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What the student does, where the company does not tick.
CHECKS_IN: dict[str, StrOrPromise] = {
    AttendanceMode.QR: gettext_lazy("De leerling scant de poster bij de ingang."),
    AttendanceMode.SCREEN: gettext_lazy("De leerling scant de code op het scherm."),
    AttendanceMode.STUDENT: gettext_lazy("De leerling meldt zich op de eigen telefoon."),
}


def only_proven(actor) -> None:
    """Pages with students' names: not for who came by a link that a mail scanner may also open."""
    if not actor.proven:
        raise NotAllowed(_("Vraag eerst een code aan, dan weten wij dat u het bent."))


@allow(Audience.COMPANY)
def company_today(request):
    """Who is expected, who is in, who is ill."""
    actor = request.actor
    only_proven(actor)
    today = school_today()
    placements = list(trainees(actor, today, today))
    days = queries.days_of(actor, placements, today, today)
    names, ways = names_of(actor, placements), ways_of(placements)
    rows = [
        {
            "placement": p,
            "name": names[p.pk],
            "day": days[p.pk][0],
            "ticks": ways[p.pk] == AttendanceMode.SUPERVISOR,
            "checks_in": CHECKS_IN.get(ways[p.pk]),
            "illness": _open(days[p.pk][0]),
            "told": told_of(days[p.pk][0]),
            "end_words": end_words(days[p.pk][0], day_end_at(p)),
            "says_end": days[p.pk][0].says_end(day_end_at(p)),
        }
        for p in placements
        if days[p.pk]
    ]
    context = {
        "rows": sorted(rows, key=lambda r: (r["name"], r["placement"].pk)),
        "today": today,
        "week": week_of(today),
        "open_weeks": queries.open_weeks(actor, placements),
        "has_trainees": bool(placements),
        "keeps_screens": bool(actor.scope.reach.contact),
    }
    return render(request, "attendance/company_today.html", context)


def _open(day) -> bool:
    return day.absence is not None and day.absence.ends is None and not day.was_there


def trainee(request, public_id) -> Placement:
    """A placement at the actor's company that this person guides: 404, 403 or the placement."""
    only_proven(request.actor)
    rows = Placement.objects.visible_to(request.actor).select_related("company", "school")
    placement = get_object_or_404(rows, public_id=public_id)
    require(policies.confirm_week, request.actor, placement)
    return placement


@allow(Audience.COMPANY, methods=("GET", "POST"))
def company_absence(request, public_id):
    """Tell the school at once that a trainee is not there."""
    placement = trainee(request, public_id)
    form = AbsenceForm(request.POST or None, audience="company")
    report = services.not_here_after_all
    if (
        request.method == "POST"
        and form.is_valid()
        and store(form, placement, request.actor, report)
    ):
        undo = reverse("attendance:company_undo", args=[placement.public_id])
        notice(request, _("Dank u. Over twee minuten krijgt de school bericht."), undo_url=undo)
        return redirect("attendance:company_today")
    context = {
        "form": form,
        "absences": absences_to_come(request.actor, placement=placement),
        "placement": placement,
        "name": names_of(request.actor, [placement])[placement.pk],
    }
    return form_page(request, "attendance/company_absence.html", context)


@allow(Audience.COMPANY, methods=("POST",))
def absence_undo(request, public_id):
    """It was not so after all."""
    take_back(request, trainee(request, public_id))
    return redirect("attendance:company_today")


@allow(Audience.COMPANY, methods=("POST",))
def company_present(request, public_id):
    """The supervisor ticks: here today."""
    placement = trainee(request, public_id)
    name = names_of(request.actor, [placement])[placement.pk]
    try:
        services.tick_present(placement, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("%(name)s is er.") % {"name": name})
    return redirect("attendance:company_today")


@allow(Audience.COMPANY, methods=("POST",))
def company_back(request, public_id):
    """A trainee who was ill is back, and the company says so."""
    placement = trainee(request, public_id)
    absence = get_object_or_404(
        Absence.objects.visible_to(request.actor).open(), placement=placement
    )
    try:
        services.close_absence(absence, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("Genoteerd. De school weet dat de stagiair er weer is."))
    return redirect("attendance:company_today")
