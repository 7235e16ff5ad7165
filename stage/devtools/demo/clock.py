"""Another time of day for what happened in the past, and the days the demo's story hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.utils import timezone

from stage.core.dutch.calendar import local_datetime, school_today


class _IsDatetime(type):
    def __instancecheck__(cls, value) -> bool:
        return isinstance(value, datetime)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Let `timezone.now()` answer this moment, never one to come.

    Replaces what that function itself reads the clock with, so that model defaults, which hold the
    function, follow too.
    """
    moment = min(moment, timezone.now())

    class Stopped(datetime, metaclass=_IsDatetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    with patch("django.utils.timezone.datetime", Stopped):
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
