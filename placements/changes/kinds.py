"""What changes in one placement: its days, its dates, who guides, its end.

Each answers what it touches (`Touched`).
"""

from __future__ import annotations

from datetime import date

from placements.changes.day import Day
from placements.changes.ground import Ground, Touched
from placements.changes.known import ONE_DAY
from placements.enums import UNSIGNED
from stage.core.dutch.calendar import school_today

# The columns of a placement that say who guides at the company for a while.
STAND_IN = ("stand_in_id", "stand_in_from", "stand_in_until")


def schedule(ground: Ground) -> Touched:
    """Other weekdays or times, from a day on or for a while."""
    placement, wanted = ground.placement, ground.wanted
    last = wanted.until_on or placement.ends
    touched = ground.between(wanted.from_on, last) - ground.making_up()
    times = (
        wanted.day_from or placement.day_from,
        wanted.day_to or placement.day_to,
        placement.break_minutes if wanted.break_minutes is None else wanted.break_minutes,
    )
    weekdays = list(wanted.weekdays) or placement.weekdays
    dates = ground.workable(weekdays, wanted.from_on, last)
    target = {d: Day(d, *times) for d in dates}
    if wanted.until_on is not None:  # for a while: what is usual stays usual
        return Touched(touched, target, {})
    target = {d: day for d, day in target.items() if not ground.ways.is_called_off(d)}
    usual = dict(zip(("day_from", "day_to", "break_minutes"), times, strict=True))
    return Touched(touched, target, {"weekdays": sorted(weekdays), **usual})


def dates(ground: Ground) -> Touched:
    """Another first or last day."""
    placement, wanted = ground.placement, ground.wanted
    starts, ends = wanted.starts or placement.starts, wanted.ends or placement.ends
    today = school_today()
    outside = {d.date for d in ground.days if not starts <= d.date <= ends}
    new = [
        *ground.workable(placement.weekdays, starts, min(placement.starts - ONE_DAY, ends)),
        *ground.workable(placement.weekdays, max(placement.ends + ONE_DAY, starts), ends),
    ]
    target = {d: ground.usual(d) for d in new if d >= today}
    return Touched(outside, target, {"starts": starts, "ends": ends})


def pause(ground: Ground) -> Touched:
    """Days on which there is no work."""
    last = ground.wanted.until_on or ground.wanted.from_on
    return Touched(ground.between(ground.wanted.from_on, last), {}, {})


def supervisor(ground: Ground) -> Touched:
    """Somebody else at the company guides, from now on or for a while."""
    wanted = ground.wanted
    who = wanted.supervisor and wanted.supervisor.pk
    if wanted.until_on is not None:  # for a while: the supervisor stays the one it was
        span = {"stand_in_from": wanted.from_on, "stand_in_until": wanted.until_on}
        return Touched(set(), {}, {"stand_in_id": who, **span})
    until = ground.placement.stand_in_until
    over = until is None or until < school_today()  # then there is nobody to send home
    return Touched(set(), {}, {"supervisor_id": who, **({} if over else dict.fromkeys(STAND_IN))})


def teacher(ground: Ground) -> Touched:
    """Another colleague guides from the school."""
    return Touched(set(), {}, {"teacher_id": ground.wanted.teacher and ground.wanted.teacher.pk})


def off(ground: Ground) -> Touched:
    """It does not begin: all its days go."""
    return Touched({d.date for d in ground.days}, {}, {})


def stop(ground: Ground) -> Touched:
    """It ends before its last day."""
    placement, first = ground.placement, ground.wanted.from_on
    touched = ground.between(first, date.max)
    left = [d.date for d in ground.days if d.date not in touched - ground.kept]
    last = left[-1] if left else min(placement.ends, first - ONE_DAY)
    return Touched(touched, {}, {"ends": max(placement.starts, last)})


def move(ground: Ground) -> Touched:
    """It ends here; what is wanted elsewhere is a placement of its own."""
    # What nobody signed yet did not begin: it is called off, with all its days.
    return off(ground) if ground.placement.state in UNSIGNED else stop(ground)
