"""What a day report asks besides words, mood and photo: added by an app beside or above.

    report_parts.add(ReportPart("tasks", _("Deeltaken"), fields, values, keep, lines))

in that app's `sections.py`. The form of the report and every page that shows one ask here; without
anybody who adds, nothing of it stands on a screen and nothing is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from placements.models import Placement

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OfDay = tuple[int, date]  # a placement, by its key, and a day


@dataclass(frozen=True)
class ReportPart:
    """A group of fields in the report of a day.

    `fields(actor, placement, day)`: what is asked that day, by name; empty where nothing is.
    `values(actor, placement, day)`: what was said before, by the same names.
    `keep(placement, day, values, actor=...)`: stores what was said, in the report's transaction.
    `lines(actor, days)`: per placement and day the sentences to show; in one read, however many.
    """

    key: str
    title: StrOrPromise
    fields: Callable[[Any, Placement, date], Mapping[str, forms.Field]]
    values: Callable[[Any, Placement, date], Mapping[str, Any]]
    keep: Callable[..., None]
    lines: Callable[[Any, Collection[OfDay]], Mapping[OfDay, Sequence[str]]]


_PARTS: dict[str, ReportPart] = {}


def add(part: ReportPart) -> None:
    """Register a part; its key is part of the names of its fields."""
    _PARTS[part.key] = part


def remove(key: str) -> None:
    """Take a part away again."""
    _PARTS.pop(key, None)


def parts() -> list[ReportPart]:
    """In the order in which they were added."""
    return list(_PARTS.values())


def lines_of(actor, days: Collection[OfDay]) -> dict[OfDay, list[tuple[StrOrPromise, list[str]]]]:
    """Per day the titles of parts with what was said; nothing is read where nobody added one."""
    found: dict[OfDay, list[tuple[StrOrPromise, list[str]]]] = {}
    for part in _PARTS.values() if days else ():
        for key, lines in part.lines(actor, days).items():
            if lines:
                found.setdefault(key, []).append((part.title, list(lines)))
    return found
