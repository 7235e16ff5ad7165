"""What a student's home needs to know about today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from attendance import words
from attendance.days import Day, make_day
from attendance.enums import COUNTING_PLACEMENTS, AbsenceKind
from attendance.models import Absence, AttendanceSettings, CheckIn, ConfirmedDay, DayReport
from attendance.moments import COMES, NOT_IN, Moment, moment_of
from attendance.queries.folder import absence_on, days_of, strip_of
from attendance.ways import ways_of
from companies.enums import AttendanceMode
from placements import unsigned
from placements.enums import PLACED
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today, week_days
from stage.core.enums import Audience


@dataclass(frozen=True)
class StudentToday:
    """Today of one student, as it is now.

    `moment` says what is so and `next` the one next thing: check_in, wait (the company ticks),
    back, write_report, done, none. `placement` is today's, or the next one's.
    """

    date: date
    moment: str
    next: str
    placement: Placement | None = None
    day: Day | None = None
    next_day: PlannedDay | None = None  # the first planned day after today
    is_signed: bool = True
    mode: str = AttendanceMode.QR
    strip: Sequence[tuple] = ()  # this week's days, where it was asked for

    @property
    def location(self):
        return self.placement and self.placement.location

    @property
    def is_in(self) -> bool:
        return self.moment in (Moment.AT_WORK, Moment.AFTER)

    @property
    def is_at_work(self) -> bool:
        return self.moment == Moment.AT_WORK

    @property
    def is_ill(self) -> bool:
        return self.moment == Moment.ILL

    @property
    def is_better(self) -> bool:
        """Whether the student was ill today, is better, and may still come."""
        return self.moment == Moment.BETTER

    @property
    def is_away(self) -> bool:
        return self.moment == Moment.AWAY

    @property
    def is_before(self) -> bool:
        return self.moment == Moment.BEFORE

    @property
    def comes_later(self) -> bool:
        """Whether the student said when to come, and that moment has not passed."""
        return self.moment == Moment.LATER

    @property
    def is_late_now(self) -> bool:
        """Whether the student should be in by now and is not."""
        return self.moment == Moment.LATE

    @property
    def was_not_seen(self) -> bool:
        """Whether the day went by and nobody knows of the student."""
        return self.moment == Moment.NOT_SEEN

    @property
    def must_sign_first(self) -> bool:
        """Whether the placement began by its dates, and may not before everybody signed."""
        return self.moment == Moment.UNSIGNED

    @property
    def is_unplanned(self) -> bool:
        """Whether there is a placement, but no day of it today."""
        return self.moment == Moment.FREE

    @property
    def has_placement(self) -> bool:
        """Whether there is one today or to come."""
        return self.moment != Moment.NO_PLACEMENT

    @property
    def may_check_in(self) -> bool:
        return self.next == "check_in"

    @property
    def reports_self(self) -> bool:
        """Whether the student says so without a poster."""
        return self.mode == AttendanceMode.STUDENT

    @property
    def company_ticks(self) -> bool:
        return self.mode == AttendanceMode.SUPERVISOR

    @property
    def waits_for_company(self) -> bool:
        """Whether the day is there and the company says who is."""
        return self.next == "wait"

    @property
    def may_report_back(self) -> bool:
        """Whether the student is ill and can say to be better."""
        return self.next == "back"

    @property
    def must_write(self) -> bool:
        """Whether the day is done and its report is still to be written."""
        return self.next == "write_report"

    @property
    def is_done(self) -> bool:
        return self.next == "done"

    @property
    def in_at(self) -> datetime | None:
        return self.day.check_in.at if self.day and self.day.check_in else None

    @property
    def until(self) -> time | None:
        """When the day of today ends: as planned, or as the student said."""
        if self.day is None or self.day.planned is None:
            return None
        return self.day.leaves_at or self.day.planned.day_to

    @property
    def report(self) -> Absence | None:
        """What was reported of today: ill, later, sooner or away."""
        return self.day.absence if self.day else None

    @property
    def told(self) -> str:
        """What was reported of today, in a sentence to the student."""
        return words.own_words(self.report) if self.report else ""

    @property
    def undo_label(self) -> str:
        return words.undo_words(self.report) if self.report else ""

    @property
    def can_take_back(self) -> bool:
        """Whether the student can say that it is not so after all."""
        told = self.report
        if told is None or self.is_in:
            return False
        if told.back_at is None and told.reported_kind != Audience.STUDENT:
            return False
        return told.can_be_undone or (told.kind != AbsenceKind.ILL and told.back_at is None)

    @property
    def came_late(self) -> bool:
        return self.day is not None and self.day.state == "late"

    @property
    def concerns_today(self) -> bool:
        """Whether today itself is a day of work that may begin."""
        return self.moment not in (Moment.NO_PLACEMENT, Moment.UNSIGNED, Moment.FREE)

    @property
    def is_first_day_ahead(self) -> bool:
        """Whether the next day is the placement's first."""
        return (
            self.placement is not None
            and self.next_day is not None
            and self.next_day.date == self.placement.starts
        )


NO_CODE = "placement__location__poster_code"  # no student reads it


def today_of_student(actor, *, with_week: bool = False) -> StudentToday:
    """The placement today or next, what was done today, and the one next thing.

    `with_week` reads this week's days as well, and today out of those.
    """
    today = school_today()
    planned, next_day = _planned(actor, today)
    check_in = (
        CheckIn.objects.visible_to(actor)
        .starts()
        .filter(student_id=actor.student_id, date=today)
        .select_related(*_placement("placement"))
        .defer(NO_CODE)
        .first()
    )
    source = check_in or planned or next_day
    if source is None:
        return StudentToday(today, Moment.NO_PLACEMENT, "none")
    placement = source.placement
    if with_week:
        day, strip = _week(actor, placement, today)
    else:
        day, strip = _day(actor, placement, today, planned, check_in), []
    late_after = AttendanceSettings.objects.of(placement.school_id).late_after_minutes
    moment = moment_of(day, now=timezone.now(), late_after=late_after)
    way = ways_of([placement])[placement.pk]
    if moment in NOT_IN and unsigned.must_be_signed_first(placement, today):
        moment = Moment.UNSIGNED
    return StudentToday(
        date=today,
        moment=moment,
        next=_next(moment, day, way),
        placement=placement,
        day=day,
        next_day=next_day,
        is_signed=placement.state in COUNTING_PLACEMENTS,
        mode=way,
        strip=strip,
    )


def _week(actor, placement: Placement, today: date) -> tuple[Day, list[tuple[date, str]]]:
    """Today, and the strip of the week it is in."""
    year, number, _weekday = today.isocalendar()
    week = week_days(year, number)
    days = days_of(actor, [placement], week[0], week[-1], also=[today])[placement.pk]
    shown = [d for d in days if d.planned or d.check_in]
    return next(d for d in days if d.date == today), strip_of(shown, week)


def _placement(name: str) -> list[str]:
    return [f"{name}__{part}" for part in ("company", "location", "supervisor", "period")]


def _planned(actor, today: date) -> tuple[PlannedDay | None, PlannedDay | None]:
    rows = (
        PlannedDay.objects.visible_to(actor)
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


def _day(actor, placement, today, planned, check_in) -> Day:
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
        late_after=AttendanceSettings.objects.of(placement.school_id).late_after_minutes,
    )


def _next(moment: str, day: Day, way: str) -> str:
    if moment in (Moment.AT_WORK, Moment.AFTER):
        if day.report:
            return "done"
        return "none" if moment == Moment.AT_WORK else "write_report"
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
