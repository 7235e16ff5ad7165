"""What waits for somebody: each app adds its own, the home page shows the most urgent first.

    @todo.source(Audience.COMPANY)
    def waiting_applications(actor) -> list[Todo]: ...

Sources stand in `<app>/todos.py`, loaded when the app starts. A page that has already read what a
source needs gives it along: `source(..., uses="today")` and `for_actor(actor, today=...)`.

Order: how urgent, then what kind of thing it is (`Weight`), then the day it should be done. A
source says the true day; `urgency_by` turns that into an urgency. Never the title: letters of the
alphabet do not know who waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

from stage.core.dutch.calendar import school_today


class Urgency(IntEnum):
    """Lower comes first."""

    NOW = 0  # today, or somebody is missing
    SOON = 1  # this week, or others wait for it
    WHENEVER = 2


class Weight(IntEnum):
    """What goes first among things that are equally urgent. Lower comes first."""

    SAFETY = 0  # nobody knows where a student is
    PERSON = 1  # somebody asked or said something, and waits
    BROKEN = 2  # something did not arrive, or reaches a stranger
    STEP = 3  # the next step of the year
    TIDY = 4  # what can lie there


AHEAD = timedelta(days=56)  # eight weeks: places are looked for


def urgency_by(due: date, *, at_least: Urgency = Urgency.WHENEVER) -> Urgency:
    """How urgent it is what should be done by a day: that day and after it, now."""
    today = school_today()
    if due <= today:
        return Urgency.NOW
    by_day = Urgency.SOON if due <= today + AHEAD else Urgency.WHENEVER
    return min(by_day, at_least)


@dataclass(frozen=True)
class Todo:
    """One thing to do: `title` starts with a verb, `text` says for whom and why, `url` does it.

    `button` is that verb again, in a word or two: what happens when it is pressed. With `seen_as`
    it is gone once it was opened (`stage.core.ui.seen`).
    """

    title: str
    url: str
    text: str = ""
    urgency: Urgency = Urgency.SOON
    count: int = 1
    due: date | None = None
    icon: str = "check"
    weight: Weight = Weight.STEP
    button: str = field(kw_only=True)
    seen_as: str = ""  # news: by what `seen` knows that it was opened

    @property
    def shown_count(self) -> int | None:
        """The number to show: a single thing needs none."""
        return self.count if self.count > 1 else None


_SOURCES: dict[str, list[tuple[Callable, str]]] = {}


def source(*audiences: str, uses: str = "") -> Callable:
    """Register a function `(actor) -> iterable of Todo` for one or more audiences.

    `uses` names an optional second argument that the page may know already.
    """

    def register(function: Callable) -> Callable:
        for audience in audiences:
            _SOURCES.setdefault(str(audience), []).append((function, uses))
        return function

    return register


def for_actor(actor, **known: Any) -> list[Todo]:
    """Everything that waits for this actor, most urgent first, then by weight, then by day.

    `known`: what the page has read already, by the names that sources use.
    """
    found: list[Todo] = []
    for function, uses in _SOURCES.get(actor.role, ()):
        more = {uses: known[uses]} if uses in known else {}
        found.extend(_as_list(function(actor, **more)))
    return sorted(found, key=lambda t: (t.urgency, t.weight, t.due or date.max))


def _as_list(result: Iterable[Todo] | None) -> list[Todo]:
    return list(result or ())
