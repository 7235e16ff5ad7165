"""What waits for students, teachers and companies about attendance."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance import queries
from attendance.queries.company import trainees
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui.dates import day_words
from stage.core.ui.todo import Todo, Urgency, Weight, source


def _words_to_check_in(today: queries.StudentToday) -> str:
    if today.reports_self:
        return _("Meld je als je er bent bij %(company)s.")
    return _("Scan de poster bij %(company)s.")


@source(Audience.STUDENT, uses="today")
def student_todos(actor, today: queries.StudentToday | None = None) -> list[Todo]:
    """Check in today; write of the days that have no report yet."""
    found = []
    today = today or queries.today_of_student(actor)
    if today.placement and today.may_check_in:
        found.append(
            Todo(
                _("Meld je aan op je stage"),
                reverse("attendance:scan_typed"),
                text=_words_to_check_in(today) % {"company": today.placement.company},
                urgency=Urgency.NOW,
                due=today.date,
                weight=Weight.SAFETY,
                button=_("Meld je aan"),
                icon="qr-scan",
            )
        )
    # The one of today is on the card.
    waiting = [day for day in queries.days_without_report(actor) if day != today.date]
    if waiting:
        found.append(
            Todo(
                _("Schrijf je dagverslag"),
                reverse("attendance:report_write", args=[waiting[0]]),
                text=_days_words(waiting),
                urgency=Urgency.SOON,
                count=len(waiting),
                due=waiting[0],
                button=_("Schrijf"),
                icon="pen",
            )
        )
    return found


def _days_words(days: list[date]) -> str:
    """ "Van do 26 november en vr 27 november."; of many the newest two, and how many more."""
    shown = [day_words(day) for day in days[:2]]
    more = len(days) - len(shown)
    if more:
        words = {"days": ", ".join(shown), "n": more}
        return ngettext("Van %(days)s en nog %(n)s.", "Van %(days)s en nog %(n)s.", more) % words
    return _("Van %(days)s.") % {"days": _(" en ").join(shown)}


@source(Audience.TEACHER, Audience.COORDINATOR, uses="today")
def staff_todos(actor, today: dict[str, int] | None = None) -> list[Todo]:
    """Students of whom nobody heard; odd scans."""
    counts = today or queries.today_of_staff(actor)
    found = []
    if counts["missing"]:
        found.append(
            Todo(
                ngettext(
                    "Bel: een leerling is niet gezien",
                    "Bel: %(count)s leerlingen zijn niet gezien",
                    counts["missing"],
                )
                % {"count": counts["missing"]},
                reverse("attendance:today") + "?toon=missing",
                text=_("Niet aangemeld en geen bericht vandaag."),
                urgency=Urgency.NOW,
                count=counts["missing"],
                due=school_today(),
                weight=Weight.SAFETY,
                button=_("Toon wie"),
                icon="phone",
            )
        )
    if counts["odd"]:
        found.append(
            Todo(
                _("Bekijk opvallende aanmeldingen"),
                reverse("attendance:flags"),
                text=_("Op een andere plek of dag dan gepland."),
                urgency=Urgency.SOON,
                count=counts["odd"],
                weight=Weight.TIDY,
                button=_("Kijk na"),
                icon="flag",
            )
        )
    return found


@source(Audience.COMPANY)
def company_todos(actor) -> list[Todo]:
    """Weeks that wait for the company's word."""
    if not actor.proven:
        return []
    today = school_today()
    placements = list(trainees(actor, today - timedelta(weeks=10), today))
    return [
        Todo(
            _("Bevestig week %(number)s") % {"number": int(week[-2:])},
            reverse("attendance:week_confirm", args=[week]),
            text=_("Aanwezigheid en dagverslagen van uw stagiairs, op één pagina."),
            urgency=Urgency.SOON,
            due=date.fromisocalendar(int(week[:4]), int(week[-2:]), 7),
            button=_("Bevestig"),
            icon="calendar-check",
        )
        for week in queries.open_weeks(actor, placements)
    ]
