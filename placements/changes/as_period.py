"""A placement follows its period as that reads now, where it has no way of its own."""

from __future__ import annotations

from datetime import date

from placements.changes.ground import Ground, Touched
from placements.changes.known import Usual, span
from stage.core.dutch.calendar import school_today


def period(ground: Ground) -> Touched:
    """As the period reads now, from today on, where this placement has no way of its own.

    Days of a pause, and those that were called off, do not come back; days that make up for one
    stay; other days or hours for a while stay what they were for.
    """
    ways = ground.ways
    first_day, last_day, today = ways.period.starts, ways.period.ends, school_today()
    own_first, own_last = ways.own_bounds
    first, last = own_first or first_day, own_last or last_day
    usual = ways.usual()
    on = {d: ways.usual_on(d, usual) for d in span(first, last)}
    at_work = [d for d in on if d.isoweekday() in on[d].weekdays]
    nominal = {d for d in at_work if not ways.is_called_off(d)}
    days = [d for d in sorted(nominal) if not ways.is_free(d)]
    touched = ground.between(today, date.max) - ground.making_up()
    there = {d.date for d in ground.days}
    # Nobody is sent to work today by a change of today: a new day is one to come.
    target = {d: on[d].day(d) for d in days if d > today or (d == today and d in there)}
    lasting = {d: ways.usual_on(d, usual, lasting=True) for d in on}
    values = {
        **_bounds(ground, there, touched, target, set(at_work)),
        **_usual_values(ground, lasting, today),
    }
    return Touched(touched, target, values)


def _bounds(
    ground: Ground, there: set[date], touched: set[date], target, at_work: set[date]
) -> dict:
    """First and last day; a day that is only free, or called off, moves neither."""
    placement = ground.placement
    left = sorted((there - (touched - ground.kept)) | set(target))
    if not left:
        return {}
    firsts = [d for d in at_work if placement.starts <= d <= left[0]]
    lasts = [d for d in at_work if left[-1] <= d <= placement.ends]
    starts = placement.starts if placement.starts in firsts else left[0]
    ends = placement.ends if placement.ends in lasts else left[-1]
    own_first, own_last = ground.ways.own_bounds
    return {
        "starts": min(own_first, left[0]) if own_first else starts,
        "ends": max(own_last, left[-1]) if own_last else ends,
    }


def _usual_values(ground: Ground, lasting: dict[date, Usual], today: date) -> dict:
    """The columns that say how a day of this placement usually is, from now on."""
    coming = [d for d in lasting if d > today]
    if not coming:
        return {}
    last = lasting[coming[-1]]
    # As a match sets them: of the weekdays those on which there is a day at all.
    real = {
        d.isoweekday()
        for d, usual in lasting.items()
        if usual == last and d.isoweekday() in usual.weekdays and not ground.ways.is_free(d)
    }
    hours = {
        "day_from": last.day_from,
        "day_to": last.day_to,
        "break_minutes": last.break_minutes,
    }
    return {"weekdays": sorted(real), **hours} if real else hours
