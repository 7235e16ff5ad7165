"""Parts of a page that higher apps add to a lower app's page.

The placement's folder is one page for student, company and school; attendance and assessments add
their lists to it without being known below:

    @sections.of("placement", order=30, key="days", label=_("Dagverslagen"))
    def day_reports(actor, placement) -> tuple[str, dict] | None: ...

The function answers the template of a fragment and its context, or None where there is nothing for
this actor. Sections stand in `<app>/sections.py`, loaded when the app starts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Section:
    """One registered part."""

    key: str
    label: StrOrPromise
    order: int
    build: Callable


@dataclass(frozen=True)
class Filled:
    """One part as it is shown to one actor."""

    key: str
    label: StrOrPromise
    template: str
    context: dict


_SECTIONS: dict[str, list[Section]] = {}


def of(page: str, *, order: int, key: str, label: StrOrPromise) -> Callable:
    """Register a part of a page."""

    def register(function: Callable) -> Callable:
        found = _SECTIONS.setdefault(page, [])
        found.append(Section(key, label, order, function))
        found.sort(key=lambda s: s.order)
        return function

    return register


def fill(page: str, actor, obj) -> list[Filled]:
    """All parts of a page this actor may see, in order."""
    filled = []
    for section in _SECTIONS.get(page, ()):
        answer = section.build(actor, obj)
        if answer is not None:
            filled.append(Filled(section.key, section.label, *answer))
    return filled
