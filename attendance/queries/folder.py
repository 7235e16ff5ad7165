"""The days of placements: the same answer for student, company and school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from attendance.days import Day, make_day, week_of
from attendance.enums import AbsenceKind, CheckInKind
from attendance.models import Absence, AttendanceSettings, CheckIn, ConfirmedDay, DayReport
from attendance.stays import NOTHING_SAID, Stay, stay_of
from placements.changes import missed
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today
from stage.core.tenants import tenancy
from stage.schools.models import Student


def late_limits(school_ids: Iterable[int]) -> dict[int, int]:
    """Minutes after which each school calls somebody late. The database's wall limits the rows."""
    rows = AttendanceSettings.objects.filter(school_id__in=set(school_ids))
    return dict(rows.values_list("school_id", "late_after_minutes"))


def days_of(
    actor,
    placements: Iterable[Placement],
    first: date,
    last: date,
    also: Iterable[date] = (),
    *,
    plan: Iterable[PlannedDay] | None = None,
    limits: dict[int, int] | None = None,
) -> dict[int, list[Day]]:
    """Per placement (its key) the days with a plan or a check-in and those of `also`, in order.

    Seven queries, however many placements; six for a company, which reads no changes. Less where
    the caller has the planned days (all of them) or the schools' limits of lateness already.
    """
    placements = list(placements)
    chosen = {"placement__in": [p.pk for p in placements]}
    if plan is None:
        planned = _by_day(PlannedDay.objects.visible_to(actor).filter(**chosen), first, last)
    else:
        planned = {(d.placement_id, d.date): d for d in plan if first <= d.date <= last}
    said_there = CheckIn.objects.visible_to(actor).standing().filter(**chosen)
    check_ins, stays = arrivals_and_stays(said_there.between(first, last))
    reports = _by_day(
        DayReport.objects.visible_to(actor).filter(**chosen).select_related("photo"), first, last
    )
    absences = defaultdict(list)
    rows = Absence.objects.visible_to(actor).filter(**chosen).touching(first, last)
    for row in rows:
        absences[row.placement_id].append(row)
    said = ConfirmedDay.objects.visible_to(actor).filter(**chosen)
    confirmed = said.between(first, last).words()
    off = missed.called_off(actor, chosen["placement__in"])
    if limits is None:
        limits = late_limits(p.school_id for p in placements)
    now = timezone.now()
    result = {}
    for p in placements:
        dates = {day for pk, day in (*planned, *check_ins) if pk == p.pk} | set(also)
        gone = {d: day for d, day in off.get(p.pk, {}).items() if first <= d <= last}
        dates |= set(gone)
        result[p.pk] = [
            make_day(
                day,
                planned.get((p.pk, day)),
                check_ins.get((p.pk, day)),
                absence_on(absences[p.pk], day),
                reports.get((p.pk, day)),
                confirmed.get((p.pk, day), (None, ""))[0],
                now=now,
                late_after=limits[p.school_id],
                made_on=p.made_on,
                called_off=gone.get(day),
                stay=stays.get((p.pk, day), NOTHING_SAID),
                spoken_to=confirmed.get((p.pk, day), (None, ""))[1],
            )
            for day in sorted(dates)
        ]
    return result


def _by_day(rows, first: date, last: date) -> dict:
    return {(r.placement_id, r.date): r for r in rows.filter(date__gte=first, date__lte=last)}


def arrivals_and_stays(rows: Iterable[CheckIn]) -> tuple[dict, dict[tuple[int, date], Stay]]:
    """Per placement (its key) and day the arrival, and what was said after it."""
    arrivals, later = {}, defaultdict(list)
    for row in rows:
        if row.kind == CheckInKind.START:
            arrivals[row.placement_id, row.date] = row
        else:
            later[row.placement_id, row.date].append(row)
    return arrivals, {key: stay_of(said) for key, said in later.items()}


def absence_on(absences: Iterable[Absence], day: date) -> Absence | None:
    """The absence that tells most about a day: being away, then coming later, then going sooner."""
    found = [a for a in absences if a.covers(day)]
    order = {AbsenceKind.LATE: 1, AbsenceKind.EARLY: 2}
    return min(found, key=lambda a: (order.get(AbsenceKind(a.kind), 0), -a.pk), default=None)


def strip_of(rows: Iterable[Day], week: list[date]) -> list[tuple[date, str]]:
    """The status strip of a week: Monday to Friday, and the weekend where something happened."""
    states = {d.date: d.state for d in rows}
    return [(day, states.get(day, "free")) for day in week if day.isoweekday() < 6 or day in states]


def total_minutes(days: Iterable[Day]) -> tuple[int, int]:
    """Planned minutes until today, and confirmed ones."""
    days = list(days)
    return (
        sum(d.planned_minutes for d in days if d.has_come),
        sum(d.confirmed or 0 for d in days),
    )


def open_weeks(actor, placements: Iterable[Placement], back: int = 10) -> list[str]:
    """Weeks with days that have passed and that the company has not confirmed, oldest first.

    Looks `back` weeks back. This week counts only from its last planned day on.
    """
    return sorted({week for _pk, week in waiting_weeks(actor, placements, back)})


def waiting_weeks(actor, placements: Iterable[Placement], back: int = 10) -> set[tuple[int, str]]:
    """The same per placement (its key)."""
    states = week_states(actor, placements, back)
    return {(pk, week) for week, state in states.items() for pk in state.waiting}


@dataclass
class WeekState:
    """Of one week the placements (their keys) with a day in it, and those that wait for a word."""

    expected: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)


def week_states(actor, placements: Iterable[Placement], back: int = 10) -> dict[str, WeekState]:
    """Of each week with a day that has come: who is expected, and whose week waits for a word."""
    placements = list(placements)
    today = school_today()
    monday = today - timedelta(days=today.isoweekday() - 1)
    span = (monday - timedelta(weeks=back), monday + timedelta(days=6))
    chosen = {"placement__in": [p.pk for p in placements]}
    planned = PlannedDay.objects.visible_to(actor).filter(
        **chosen, date__gte=span[0], date__lte=span[1]
    )
    made_on = {p.pk: p.made_on for p in placements}
    rows = planned.values_list("placement_id", "date")
    dates = [(pk, day) for pk, day in rows if day >= made_on[pk]]
    said = ConfirmedDay.objects.visible_to(actor).filter(**chosen).between(*span)
    confirmed = set(said.values_list("placement_id", "date"))
    still_to_come = {pk for pk, day in dates if day > today}
    found: dict[str, WeekState] = {}
    for pk, day in dates:
        if day > today:
            continue
        state = found.setdefault(week_of(day), WeekState())
        state.expected.add(pk)
        if (pk, day) not in confirmed and not (day >= monday and pk in still_to_come):
            state.waiting.add(pk)
    return found


def withdrawn_of(actor, placement: Placement) -> list[CheckIn]:
    """Arrivals of a placement that do not count, and why, the newest first."""
    rows = CheckIn.objects.visible_to(actor).withdrawn().filter(placement=placement)
    return list(rows.order_by("-date", "-withdrawn_at"))


def photos_allowed(actor, placements: Iterable[Placement]) -> set[int]:
    """Students (their keys) of these placements whose consent for photos stands now.

    A company may not read students: the question is asked in the school of its own placement.
    """
    students: set[int] = set()
    by_school = defaultdict(list)
    for p in placements:
        by_school[p.school_id].append(p)
    for rows in by_school.values():
        if not actor.is_company and all("student" in p._state.fields_cache for p in rows):
            students.update(p.student_id for p in rows if p.student.photo_consent)
            continue
        wanted = Student.objects.filter(pk__in=[p.student_id for p in rows], photo_consent=True)
        if actor.is_company:
            with tenancy.as_school_of(rows[0]):
                students.update(wanted.values_list("pk", flat=True))
        else:
            students.update(wanted.values_list("pk", flat=True))
    return students
