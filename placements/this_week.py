"""The days of this week of placements that run: told by an app above, shown in their list.

    @this_week.told_by
    def days(actor, placements, monday, sunday) -> dict[int, list]: ...

in that app's `sections.py`. Without anybody who tells, the list has no such column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from placements.enums import PlacementState
from placements.models import Placement
from stage.core.dutch.calendar import school_today

ON = (PlacementState.SIGNED, PlacementState.RUNNING)
_TELLERS: list[Callable[..., dict[int, list[Any]]]] = []


def told_by(days: Callable) -> Callable:
    """Register who knows: `days(actor, placements, monday, sunday)`, a list per placement.

    What stands in it is what `{% status_strip %}` shows; a fixed number of queries, whatever comes.
    """
    _TELLERS[:] = [days]
    return days


def days_of(actor, placements: Iterable[Placement]) -> dict[int, list[Any]]:
    """Per placement, by number, its days of this week; of those that are on in it only."""
    monday, sunday = this_week()
    on = [p for p in placements if p.state in ON and p.starts <= sunday and p.ends >= monday]
    found: dict[int, list[Any]] = {}
    for days in _TELLERS if on else ():
        found |= days(actor, on, monday, sunday)
    return found


def this_week() -> tuple[date, date]:
    """Monday and Sunday around today."""
    today = school_today()
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)
