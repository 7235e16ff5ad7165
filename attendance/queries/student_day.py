"""Today of one student, as the student's own screens tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from attendance import words
from attendance.days import Day
from attendance.enums import OWN_METHODS
from attendance.models import Absence
from attendance.moments import IN, Moment
from companies.enums import AttendanceMode, DayEnd
from placements.models import Placement, PlannedDay
from stage.core.enums import Audience

FIRST_DAY_AHEAD = timedelta(days=7)  # how long before it a first day is told about


@dataclass(frozen=True)
class StudentToday:
    """Today of one student, as it is now.

    `moment` says what is so and `next` the one next thing: check_in, wait (the company ticks),
    back, check_out, write_report, done, none. `placement` is today's, or the next one's.
    """

    date: date
    moment: str
    next: str
    placement: Placement | None = None
    day: Day | None = None
    next_day: PlannedDay | None = None  # the first planned day after today
    is_signed: bool = True
    mode: str = AttendanceMode.QR
    day_end: str = DayEnd.PLANNED
    may_go: bool = False  # whether going can be said now
    strip: Sequence[tuple] = ()  # this week's days, where it was asked for

    @property
    def location(self):
        return self.placement and self.placement.location

    @property
    def is_in(self) -> bool:
        return self.moment in IN

    @property
    def is_first_day(self) -> bool:
        """Whether the placement begins today."""
        return self.placement is not None and self.placement.starts == self.date

    @property
    def is_at_work(self) -> bool:
        return self.moment in (Moment.AT_WORK, Moment.PAUSE)

    @property
    def is_in_pause(self) -> bool:
        return self.moment == Moment.PAUSE

    @property
    def is_gone(self) -> bool:
        """Whether somebody said that the student went."""
        return self.moment == Moment.GONE

    @property
    def should_go(self) -> bool:
        """Whether the day is over by the plan, and the company wants to hear when it is."""
        return self.next == "check_out"

    @property
    def says_end(self) -> bool:
        """Whether the company wants to hear when the day is over."""
        return self.day_end != DayEnd.PLANNED

    @property
    def may_pause(self) -> bool:
        return self.day_end == DayEnd.BREAKS and self.moment == Moment.AT_WORK and self.may_go

    @property
    def forgot_to_say(self) -> bool:
        """Whether the planned time counts, since it is too late to say anything else."""
        asked = self.says_end and self.moment == Moment.AFTER
        return asked and not self.may_go and self.in_at is not None

    @property
    def out_at(self) -> datetime | None:
        return self.day.out_at if self.day else None

    @property
    def pause_since(self) -> datetime | None:
        return self.day.pause_since if self.day else None

    @property
    def can_undo_going(self) -> bool:
        """Whether the student went just now, and can say that it was a mistake."""
        row = self.day.stay.out if self.day else None
        return row is not None and row.can_be_undone and row.method in OWN_METHODS

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
    def needs_screen(self) -> bool:
        """Whether the poster's code does not count here."""
        return self.mode == AttendanceMode.SCREEN

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
    def can_undo_check_in(self) -> bool:
        """Whether the student checked in just now, and can say that it was a mistake."""
        row = self.day.check_in if self.day and not self.is_gone else None
        return row is not None and row.can_be_undone and row.method in OWN_METHODS

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
        return told.can_be_taken_back

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
        return self.next_day is not None and getattr(self.next_day, "is_first", False)

    @property
    def shows_first_day(self) -> bool:
        """Whether today is free and the placement begins within a week."""
        return (
            self.moment == Moment.FREE
            and self.is_first_day_ahead
            and self.next_day is not None
            and self.next_day.date - self.date <= FIRST_DAY_AHEAD
        )
