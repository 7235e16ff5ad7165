"""Numbers for the pictures: strips of days, rings, strips per group. No markup here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import pi
from typing import Any

from django.utils.translation import gettext_lazy as _

from stage.core.ui.dates import day_words

RING_RADIUS = 42
DAY_STATES: dict[str, tuple[Any, str]] = {
    "present": (_("aanwezig"), "check"),
    "late": (_("te laat"), "clock"),
    "later": (_("komt later"), "clock"),
    "ill": (_("ziek"), "thermometer"),
    "absent": (_("afwezig"), "x"),
    "excused": (_("vrij met reden"), "file-text"),
    "called_off": (_("gaat niet door"), "ban"),
    "free": (_("geen stage"), "minus"),
    "planned": (_("nog te gaan"), "circle"),
    "unknown": (_("nog niet bekend"), "help"),
}


@dataclass(frozen=True)
class Day:
    """One box of a strip."""

    date: date
    state: str
    word: str
    icon: str
    is_today: bool

    @property
    def sentence(self) -> str:
        return f"{day_words(self.date)}: {self.word}"


def days_of(days: Iterable[Any], today: date) -> list[Day]:
    """Read days given as (date, state), as dicts or as objects with .date and .state.

    Raises KeyError for a state that is not in DAY_STATES.
    """
    result = []
    for item in days:
        if isinstance(item, tuple):
            day, state = item
        elif isinstance(item, dict):
            day, state = item["date"], item["state"]
        else:
            day, state = item.date, item.state
        word, icon = DAY_STATES[str(state)]
        result.append(Day(day, str(state), str(word), icon, day == today))
    return result


def ring_dash(value: float, maximum: float) -> tuple[str, str]:
    """The drawn and the open length of a ring, in SVG units, as text with a point."""
    length = 2 * pi * RING_RADIUS
    share = 0.0 if maximum <= 0 else min(max(float(value) / float(maximum), 0.0), 1.0)
    return f"{length * share:.2f}", f"{length:.2f}"


def percent(value: float, maximum: float) -> int:
    """Whole percent between 0 and 100; 100 only when it is really all."""
    if maximum <= 0:
        return 0
    share = min(max(float(value) / float(maximum), 0.0), 1.0)
    return 100 if share == 1.0 else min(int(share * 100 + 0.5), 99)


@dataclass(frozen=True)
class Segment:
    """One part of a group strip; x and width in thousandths of the strip."""

    label: str
    count: int
    tone: str
    url: str
    x: int
    width: int


def segments_of(parts: Sequence[tuple]) -> list[Segment]:
    """Lay (label, count, tone[, url]) parts next to each other over 1000 units."""
    total = sum(part[1] for part in parts) or 1
    result, before = [], 0
    for label, count, tone, *rest in parts:
        start, end = before * 1000 // total, (before + count) * 1000 // total
        url = rest[0] if rest else ""
        result.append(Segment(str(label), count, tone, url, start, end - start))
        before += count
    return result
