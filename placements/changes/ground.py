"""Where one change is worked out: a placement as it is, what is wanted, and what is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from placements.changes.day import Day
from placements.changes.known import Known, Ways, span
from placements.changes.wanted import Wanted
from placements.models import Placement


class Touched(NamedTuple):
    """What a kind of change comes down to.

    The days it may touch, what those (and new ones) become, and the placement's own columns.
    """

    days: set[date]
    target: dict[date, Day]
    values: dict[str, Any]


class Ground:
    """One placement and one change, with what the kinds of change ask of it."""

    def __init__(self, placement: Placement, wanted: Wanted, known: Known):
        self.placement, self.wanted, self.known = placement, wanted, known
        self.days = known.days[placement.pk]
        self.kept = known.kept.get(placement.pk, set())
        self.ways = Ways(placement, known)

    def making_up(self) -> set[date]:
        """Days agreed one by one, in place of another: no schedule moves them."""
        return {d.date for d in self.days if d.instead_of is not None}

    def usual(self, day: date) -> Day:
        placement = self.placement
        return Day(day, placement.day_from, placement.day_to, placement.break_minutes)

    def between(self, first: date, last: date) -> set[date]:
        return {d.date for d in self.days if first <= d.date <= last}

    def workable(self, weekdays: Iterable[int], first: date, last: date) -> list[date]:
        """Days on these weekdays that are not free of school, nor refused by the company."""
        chosen = set(weekdays)
        days = span(first, last) if first <= last else []
        return [d for d in days if d.isoweekday() in chosen and not self.ways.is_free(d)]
