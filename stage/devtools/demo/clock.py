"""Another time of day for what happened in the past, and the days the demo's story hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import time_machine
from django.utils import timezone

from stage.core.dutch.calendar import local_datetime, school_today


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Set the clock to this moment, never to one to come."""
    moment = min(moment, timezone.now())
    # In UTC: with another zone the machine's own would be set as well.
    with time_machine.travel(moment.astimezone(UTC), tick=False):
        yield moment


def on(day: date, clock: str = "10:00") -> datetime:
    """A moment on the Dutch clock."""
    return local_datetime(day, time.fromisoformat(clock))


def workday(day: date) -> date:
    """The day itself, or the Friday before its weekend."""
    return day - timedelta(days=max(day.isoweekday() - 5, 0))


@dataclass(frozen=True)
class Story:
    """The periods of the demo, counted from this week's Monday; `ends` are Fridays."""

    today: date

    @classmethod
    def now(cls) -> Story:
        return cls(school_today())

    @property
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.isoweekday() - 1)

    def week(self, number: int, weekday: int = 1) -> date:
        """A day of the week `number` weeks from this one."""
        return self.monday + timedelta(weeks=number, days=weekday - 1)

    def back(self, days: int) -> date:
        """A working day about so many days ago."""
        return workday(self.today - timedelta(days=days))

    def before(self, day: date, days: int) -> date:
        """A working day about so many days before another, and not after today."""
        return workday(min(day - timedelta(days=days), self.today))
