"""What goes into somebody's own calendar: each app adds its entries.

    @agenda.source(Audience.STUDENT)
    def days_of_work(actor, first, last) -> Iterable[Entry]: ...

Sources stand in `<app>/agenda.py`, loaded when the app starts. A calendar lands at Google, Apple or
Microsoft: an entry says no more than somebody needs to be on time, and never why anybody is away
(docs/decisions/0024).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from stage.core.dutch.calendar import school_today

BACK = timedelta(weeks=4)
AHEAD = timedelta(days=400)  # to the end of the next school year's first periods
MOST = 2000  # entries of one source; who has more sees the first of them


@dataclass(frozen=True)
class Entry:
    """One entry. With dates in place of moments it is about whole days, the last one included.

    `key` is what it is, for ever; when what it says becomes something else, `changed_at` does too.
    `made_at` is the moment from which changes are counted.
    """

    key: str
    title: str
    starts: date | datetime
    ends: date | datetime
    changed_at: datetime
    made_at: datetime
    place: str = ""
    text: str = ""
    path: str = ""  # of the page about it, for who is logged in

    @property
    def is_whole_day(self) -> bool:
        return not isinstance(self.starts, datetime)

    @property
    def revision(self) -> int:
        """Grows with each change: the seconds between making and changing it."""
        return max(int((self.changed_at - self.made_at).total_seconds()), 0)


_SOURCES: dict[str, list[Callable[..., Iterable[Entry]]]] = {}


def source(*audiences: str) -> Callable:
    """Register a function `(actor, first, last) -> iterable of Entry` for one or more audiences."""

    def register(function: Callable) -> Callable:
        for audience in audiences:
            _SOURCES.setdefault(str(audience), []).append(function)
        return function

    return register


def audiences() -> frozenset[str]:
    """Who has a calendar."""
    return frozenset(_SOURCES)


def entries_of(actor) -> list[Entry]:
    """Everything of this actor from four weeks back on, in order; run in the actor's scope."""
    today = school_today()
    found: list[Entry] = []
    for function in _SOURCES.get(actor.role, ()):
        found.extend(function(actor, today - BACK, today + AHEAD))
    return sorted(found, key=lambda e: (_day(e.starts), e.key))


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
