"""What a student's home needs to know about today."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from attendance.days import Day, make_day
from attendance.enums import COUNTING_PLACEMENTS, CheckInKind
from attendance.models import Absence, AttendanceSettings, CheckIn, ConfirmedDay, DayReport
from attendance.moments import COMES, IN, NOT_IN, Moment, may_say_going, moment_of
from attendance.queries.folder import absence_on, days_of, strip_of
from attendance.queries.student_day import StudentToday
from attendance.stays import NOTHING_SAID, Stay, stay_of
from attendance.ways import day_end_at, way_at
from companies.enums import AttendanceMode, DayEnd
from placements import unsigned
from placements.enums import PLACED
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today, week_days

NO_CODE = "placement__location__poster_code"  # no student reads it


def today_of_student(actor, *, with_week: bool = False) -> StudentToday:
    """The placement today or next, what was done today, and the one next thing.

    `with_week` reads this week's days as well, and today out of those.
    """
    today = school_today()
    planned, next_day = _planned(actor, today)
    check_in, stay = _said(actor, today)
    source = check_in or planned or next_day
    if source is None:
        return StudentToday(today, Moment.NO_PLACEMENT, "none")
    placement = source.placement
    settings = AttendanceSettings.objects.of(placement.school_id)
    late_after = settings.late_after_minutes
    if with_week:
        day, strip = _week(actor, placement, today, late_after)
    else:
        day, strip = _day(actor, placement, today, planned, check_in, stay, late_after), []
    moment = moment_of(day, now=timezone.now(), late_after=late_after)
    way = way_at(placement, settings.way)
    if moment in NOT_IN and unsigned.must_be_signed_first(placement, today):
        moment = Moment.UNSIGNED
    day_end = day_end_at(placement)
    may_go = day_end != DayEnd.PLANNED and may_say_going(day, timezone.now())
    return StudentToday(
        date=today,
        moment=moment,
        next=_next(moment, day, way, may_go),
        day_end=day_end,
        may_go=may_go,
        placement=placement,
        day=day,
        next_day=next_day,
        is_signed=placement.state in COUNTING_PLACEMENTS,
        mode=way,
        strip=strip,
    )


def _week(
    actor, placement: Placement, today: date, late_after: int
) -> tuple[Day, list[tuple[date, str]]]:
    """Today, and the strip of the week it is in."""
    year, number, _weekday = today.isocalendar()
    week = week_days(year, number)
    limits = {placement.school_id: late_after}
    found = days_of(actor, [placement], week[0], week[-1], also=[today], limits=limits)
    days = found[placement.pk]
    shown = [d for d in days if d.planned or d.check_in]
    return next(d for d in days if d.date == today), strip_of(shown, week)


def _placement(name: str) -> list[str]:
    parts = ("company", "location", "supervisor", "stand_in", "period")
    return [f"{name}__{part}" for part in parts]


def _planned(actor, today: date) -> tuple[PlannedDay | None, PlannedDay | None]:
    before = PlannedDay.objects.visible_to(actor).filter(
        placement=OuterRef("placement"), date__lt=OuterRef("date")
    )
    rows = (
        PlannedDay.objects.visible_to(actor)
        .annotate(is_first=~Exists(before))
        .filter(student_id=actor.student_id, date__gte=today)
        .filter(placement__state__in=PLACED)
        .select_related(*_placement("placement"))
        .defer(NO_CODE)
        .order_by("date")[:2]
    )
    found = list(rows)
    if found and found[0].date == today:
        return found[0], found[1] if len(found) > 1 else None
    return None, found[0] if found else None


def _said(actor, today: date) -> tuple[CheckIn | None, Stay]:
    """Today's arrival, and what was said after it."""
    rows = (
        CheckIn.objects.visible_to(actor)
        .standing()
        .filter(student_id=actor.student_id, date=today)
        .select_related(*_placement("placement"))
        .defer(NO_CODE)
    )
    said = list(rows)
    arrival = next((row for row in said if row.kind == CheckInKind.START), None)
    if arrival is None:
        return None, NOTHING_SAID
    return arrival, stay_of(row for row in said if row.placement_id == arrival.placement_id)


def _day(actor, placement, today, planned, check_in, stay: Stay, late_after: int) -> Day:
    mine = {"placement": placement}
    absences = Absence.objects.visible_to(actor).filter(**mine).touching(today, today)
    report = DayReport.objects.visible_to(actor).filter(**mine, date=today).first()
    said = ConfirmedDay.objects.visible_to(actor).filter(**mine, date=today)
    return make_day(
        today,
        planned,
        check_in,
        absence_on(absences, today),
        report,
        said.minutes().get((placement.pk, today)),
        now=timezone.now(),
        late_after=late_after,
        stay=stay,
    )


def _next(moment: str, day: Day, way: str, may_go: bool) -> str:
    if moment == Moment.AFTER and may_go:
        return "check_out"
    if moment in IN:
        if day.report:
            return "done"
        return "write_report" if moment in (Moment.AFTER, Moment.GONE) else "none"
    if moment == Moment.ILL:
        return "back"
    if way == AttendanceMode.SUPERVISOR and moment in (*COMES, Moment.NOT_SEEN):
        return "wait"
    return "check_in" if moment in (*COMES, Moment.AWAY) else "none"


def days_without_report(actor) -> list[date]:
    """Days of the last two weeks the student was there and can still write of, newest first.

    Today counts as well: who is at work may write already.
    """
    since = school_today() - timedelta(days=14)
    mine = {"student_id": actor.student_id}
    written = DayReport.objects.visible_to(actor).filter(**mine, date=OuterRef("date"))
    rows = CheckIn.objects.visible_to(actor).starts().filter(**mine, date__gte=since)
    dates = set(rows.filter(~Exists(written)).values_list("date", flat=True))
    if not dates:
        return []
    said = ConfirmedDay.objects.visible_to(actor).filter(**mine, date__in=dates)
    return sorted(dates - set(said.values_list("date", flat=True)), reverse=True)
