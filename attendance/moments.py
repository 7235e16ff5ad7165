"""What is so now of one day of one student: the one answer that every screen tells.

    moment        when                                          a student reads
    no_placement  no placement today or to come                 which company, or how to find one
    unsigned      under 16, and not everybody signed            who signs next
    free          no day of work                                the next day
    before        planned, before the first hour                when it begins
    due           from the first hour on, not called late yet   "meld dat je er bent"
    later         said to come later, that time has not passed  when the student comes
    late          not in, and called late or past that time     "je bent te laat", what to do
    not_seen      the last hour passed without a word           who can put it right
    at_work       in, before the last hour                      until when
    pause         in, and in a pause, before the last hour      since when; "weer aan het werk"
    after         in, after the last hour, nobody said to go    the report; where asked, "ik ga"
    gone          said to have gone, at any hour                when; the report
    ill           reported ill                                  "beterschap"
    better        ill today, and better                         may still come; the next day
    away          reported away                                 that it is known

Teacher, company and guardian read the same through `days.Day.state`: `later`, `unknown` (late and
not_seen), `ill`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from attendance.days import Day, missed_at
from stage.core.dutch.calendar import local_datetime


class Moment(StrEnum):
    NO_PLACEMENT = "no_placement"
    UNSIGNED = "unsigned"
    FREE = "free"
    BEFORE = "before"
    DUE = "due"
    LATER = "later"
    LATE = "late"
    NOT_SEEN = "not_seen"
    AT_WORK = "at_work"
    PAUSE = "pause"
    AFTER = "after"
    GONE = "gone"
    ILL = "ill"
    BETTER = "better"
    AWAY = "away"


# Somebody is expected, or may still come.
COMES = (Moment.BEFORE, Moment.DUE, Moment.LATER, Moment.LATE, Moment.BETTER)
NOT_IN = (Moment.FREE, Moment.BEFORE, Moment.DUE, Moment.LATER, Moment.LATE, Moment.NOT_SEEN)

# The student was there, or is.
IN = (Moment.AT_WORK, Moment.PAUSE, Moment.AFTER, Moment.GONE)

# After the planned end it may take a while; what is pressed later was forgotten.
SAYS_GOING_FOR = timedelta(hours=2)

# Who comes on a day that was not planned is at work for about this long.
UNPLANNED_HOURS = timedelta(hours=4)


def moment_of(day: Day, *, now: datetime, late_after: int) -> Moment:
    """The moment of a day that is today; `late_after` in minutes, `now` aware."""
    if day.was_there:
        if day.out_at is not None:
            return Moment.GONE
        ends = _ends_at(day)
        if ends is None or now >= ends:
            return Moment.AFTER
        return Moment.AT_WORK if day.pause_since is None else Moment.PAUSE
    if day.state == "ill":
        return Moment.BETTER if day.is_better else Moment.ILL
    if day.state in ("excused", "absent"):
        return Moment.AWAY
    planned = day.planned
    if planned is None:
        return Moment.FREE
    if now >= local_datetime(planned.date, planned.day_to):
        return Moment.NOT_SEEN
    if day.state == "later":
        return Moment.LATER
    if now < local_datetime(planned.date, planned.day_from):
        return Moment.BEFORE
    return Moment.LATE if now >= missed_at(planned, late_after, day.comes_at) else Moment.DUE


def may_say_going(day: Day, now: datetime) -> bool:
    """Whether a student who is there can say to go; long after the last hour it was forgotten."""
    if day.check_in is None or not day.was_there or day.out_at is not None:
        return False
    return day.ends_at is None or now < day.ends_at + SAYS_GOING_FOR


def _ends_at(day: Day) -> datetime | None:
    if day.planned is not None:
        return day.ends_at
    return day.check_in.at + UNPLANNED_HOURS if day.check_in is not None else None
