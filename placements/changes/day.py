"""A planned day as a change handles it: a value, kept as plain JSON in the change's row."""

from __future__ import annotations

from datetime import date, time
from typing import NamedTuple

from placements.models import PlannedDay
from stage.core.dutch.calendar import minutes_of

_Date = date  # in the class, `date` is the column


class Day(NamedTuple):
    """A planned day: when, and how long the break is in minutes.

    `instead_of` is the day that was missed or did not go through, of one that makes up for it.
    """

    date: date
    day_from: time
    day_to: time
    break_minutes: int
    instead_of: _Date | None = None

    @classmethod
    def of(cls, row: PlannedDay) -> Day:
        return cls(row.date, row.day_from, row.day_to, row.break_minutes, row.instead_of)

    @property
    def kept(self) -> list:
        """As plain JSON."""
        times = f"{self.day_from:%H:%M}", f"{self.day_to:%H:%M}"
        more = [self.instead_of.isoformat()] if self.instead_of else []
        return [self.date.isoformat(), *times, self.break_minutes, *more]

    @classmethod
    def read(cls, kept: list) -> Day:
        day, begin, end, pause, *more = kept
        return cls(
            date.fromisoformat(day),
            time.fromisoformat(begin),
            time.fromisoformat(end),
            pause,
            date.fromisoformat(more[0]) if more else None,
        )

    @property
    def minutes(self) -> int:
        """Working time without the break."""
        return minutes_of(self.date, *self.times)

    @property
    def times(self) -> tuple[time, time, int]:
        """What changes when it is another hour on the same day."""
        return self.day_from, self.day_to, self.break_minutes
