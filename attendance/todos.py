"""What waits for students, teachers and companies about attendance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance import queries
from attendance.days import parse_week
from attendance.queries.company import names_of, trainees
from attendance.queries.disputes import name_in
from attendance.queries.folder import week_states
from attendance.queries.patterns import patterns
from attendance.week_words import numbers_words
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui.dates import day_words, period_words
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
def staff_todos(actor, today: dict[str, Any] | None = None) -> list[Todo]:
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
    if counts["help"]:
        found.append(
            Todo(
                ngettext(
                    "Een leerling kan zich niet aanmelden",
                    "%(count)s leerlingen kunnen zich niet aanmelden",
                    counts["help"],
                )
                % {"count": counts["help"]},
                reverse("attendance:flags"),
                text=_("Zij zeggen dat ze er zijn en dat het niet lukt."),
                urgency=Urgency.NOW,
                count=counts["help"],
                due=school_today(),
                weight=Weight.TIDY,
                button=_("Toon wie"),
                icon="help",
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


@source(Audience.TEACHER, uses="today")
def teacher_todos(actor, today: dict[str, Any] | None = None) -> list[Todo]:
    """What company and student disagree about; what stands out; what nobody confirmed for weeks."""
    known = today or queries.today_of_staff(actor)
    found = [
        _disputes_todo(known["disputes"]),
        _patterns_todo(actor),
        _unconfirmed_todo(known["unconfirmed"]),
    ]
    return [one for one in found if one is not None]


def _disputes_todo(disputes: list[dict[str, Any]]) -> Todo | None:
    if not disputes:
        return None
    first, count = disputes[0], len(disputes)
    day = date.fromisoformat(first["date"])
    words = ngettext(
        "Bespreek een dag waarover bedrijf en leerling verschillen",
        "Bespreek %(count)s dagen waarover bedrijf en leerling verschillen",
        count,
    )
    who = _("%(name)s, %(day)s") % {"name": name_in(first), "day": day_words(day)}
    return Todo(
        words % {"count": count},
        reverse("attendance:dispute_list"),
        text=_("%(who)s en nog %(n)s.") % {"who": who, "n": count - 1} if count > 1 else f"{who}.",
        urgency=Urgency.SOON,
        count=count,
        due=day,
        weight=Weight.PERSON,
        button=_("Bekijk"),
        icon="flag",
    )


def _patterns_todo(actor) -> Todo | None:
    return _of_students(
        len({found.placement.student_id for found in patterns(actor)}),
        lambda n: ngettext(
            "Bekijk wat opvalt bij een leerling", "Bekijk wat opvalt bij %(count)s leerlingen", n
        ),
        reverse("attendance:pattern_list"),
        text=_("Vaak te laat, vaak weg, of de dagverslagen stoppen."),
        weight=Weight.PERSON,
        button=_("Kijk wie"),
        icon="eye",
    )


def _unconfirmed_todo(students: int) -> Todo | None:
    return _of_students(
        students,
        lambda n: ngettext(
            "Vraag om uren die niet zijn bevestigd: van een leerling",
            "Vraag om uren die niet zijn bevestigd: van %(count)s leerlingen",
            n,
        ),
        reverse("attendance:unconfirmed_list"),
        text=_("Het bedrijf zei twee weken lang niets. Bel de praktijkopleider."),
        weight=Weight.STEP,
        button=_("Kijk welke"),
        icon="calendar-check",
    )


def _of_students(count: int, title: Callable[[int], str], url: str, **more) -> Todo | None:
    """One thing to do about so many students; nothing about none."""
    if not count:
        return None
    words = title(count) % {"count": count}
    return Todo(words, url, urgency=Urgency.SOON, count=count, **more)


@source(Audience.COMPANY)
def company_todos(actor) -> list[Todo]:
    """Weeks that wait for the company's word."""
    if not actor.proven:
        return []
    today = school_today()
    placements = list(trainees(actor, today - timedelta(weeks=10), today))
    states = {w: s for w, s in week_states(actor, placements).items() if s.waiting}
    if not states:
        return []
    names = names_of(actor, placements)
    weeks = sorted(states)
    numbers = numbers_words(int(week[-2:]) for week in weeks)
    return [
        Todo(
            _("Bevestig week %(number)s") % {"number": numbers},
            reverse("attendance:week_confirm", args=[weeks[0]]),
            text=" · ".join(_week_line(week, states[week], names) for week in weeks),
            urgency=Urgency.SOON,
            due=date.fromisocalendar(int(weeks[0][:4]), int(weeks[0][-2:]), 7),
            button=_("Bevestig"),
            icon="calendar-check",
        )
    ]


def _week_line(week: str, state: queries.WeekState, names: dict[int, str]) -> str:
    """ "ma 2 november t/m vr 6 november: Aya Berk, nog 1 van 3"."""
    span = parse_week(week)
    who = sorted(names[pk] for pk in state.waiting)
    return _("%(period)s: %(who)s, nog %(n)s van %(total)s") % {
        "period": period_words(span[0], span[4]),
        "who": ", ".join([*who[:3], *(["…"] if len(who) > 3 else [])]),
        "n": len(state.waiting),
        "total": len(state.expected),
    }
