"""Days in place of others: what was called off, and what was missed."""

from __future__ import annotations

from datetime import date, timedelta

from placements.changes.day import Day
from placements.changes.ground import Ground, Touched
from placements.changes.known import ONE_DAY, span
from placements.enums import ChangeKind, Missed
from stage.core.dutch.calendar import school_today

SEARCHED = timedelta(days=366)  # days in place of others are sought this far ahead


def called_off(ground: Ground) -> Touched:
    """These days do not go through; as many others come in their place, if so wanted."""
    wanted, today = ground.wanted, school_today()
    last = wanted.until_on or wanted.from_on
    touched = ground.between(wanted.from_on, last)
    gone = sorted(touched - ground.kept)
    if wanted.again_from is None:
        return Touched(touched, {}, {})
    there = {d.date: d for d in ground.days}
    weekdays = set(wanted.weekdays) or set(ground.placement.weekdays)
    first = max(wanted.again_from, today + ONE_DAY)
    open_days = (
        d
        for d in span(first, first + SEARCHED)
        if d.isoweekday() in weekdays
        and d not in there
        and not wanted.from_on <= d <= last
        and not ground.ways.is_free(d)
        and not ground.ways.is_called_off(d)
    )
    target = {
        new: there[old]._replace(date=new, instead_of=old)
        for old, new in zip(gone, open_days, strict=False)
    }
    return Touched(touched, target, _reaching(ground, target))


def catch_up(ground: Ground) -> Touched:
    """What becomes of one missed day; a day that made up for it before gives way."""
    wanted = ground.wanted
    earlier = {d.date for d in ground.days if d.instead_of == wanted.from_on}
    if wanted.outcome != Missed.CAUGHT_UP or wanted.on is None:
        return Touched(earlier, {}, _shrinking(ground, earlier))
    placement = ground.placement
    pause = placement.break_minutes if wanted.break_minutes is None else wanted.break_minutes
    day = Day(
        wanted.on,
        wanted.day_from or placement.day_from,
        wanted.day_to or placement.day_to,
        pause,
        wanted.from_on,
    )
    return Touched(earlier, {day.date: day}, _reaching(ground, {day.date: day}))


def _reaching(ground: Ground, target: dict[date, Day]) -> dict:
    """The first and last day, where new days lie outside."""
    if not target:
        return {}
    placement = ground.placement
    return {
        "starts": min(placement.starts, *target),
        "ends": max(placement.ends, *target),
    }


def _shrinking(ground: Ground, gone: set[date]) -> dict:
    """The last day as it was, where it was only that day which came after it."""
    placement = ground.placement
    if placement.ends not in gone - ground.kept:
        return {}
    kinds = (ChangeKind.CATCH_UP, ChangeKind.CALLED_OFF)
    before = [c.before.get("values", {}).get("ends") for c in ground.ways.done if c.kind in kinds]
    ends = [date.fromisoformat(text) for text in before if text]
    left = [d.date for d in ground.days if d.date not in gone]
    return {"ends": max([min(ends), *left])} if ends else {}
