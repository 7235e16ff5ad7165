"""A read whose order somebody may see must say its order: the database is free to change it.

`watch()` makes these fail, for querysets that have no order:

* the product's own code walks over whole rows of one, or over dicts, or copies it to a list;
* a `{% for %}` of a template walks over one;
* a form makes its choices from one;
* the product's own code reads a slice of one, `rows[:5]` or `rows[0]`;
* a page of one (Django warns by itself, and warnings are errors here).

`values_list()` into a set or dict, `get()`, `first()` (by key) and `exists()` need no order.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db.models.query import ModelIterable, QuerySet, ValuesIterable
from django.forms.models import ModelChoiceIterator
from django.template.defaulttags import ForNode

ROOT = Path(__file__).resolve().parent.parent
APPS = ("stage", "companies", "placements", "attendance", "assessments")
OWN = tuple(f"{ROOT / app}/" for app in APPS)


class Unordered(AssertionError):
    """Rows are shown in an order nobody chose."""


def refuse(rows: QuerySet, how: str) -> None:
    """Raise Unordered when the queryset has no order."""
    if not rows.ordered:
        raise Unordered(f"{how} of {rows.model.__name__} without an order: {rows.query}")


def called_by_us() -> bool:
    """Whether the function that asks was called by the product's own code, not by a library."""
    return sys._getframe(2).f_code.co_filename.startswith(OWN)


class _Watched:
    """A template's loop variable that is looked at before it is walked."""

    def __init__(self, sequence: Any) -> None:
        self.sequence = sequence
        self.var = getattr(sequence, "var", sequence)  # ForNode's repr

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        values = self.sequence.resolve(context, ignore_failures=ignore_failures)
        if isinstance(values, QuerySet):
            refuse(values, f"{{% for … in {self.sequence} %}}")
        return values


@contextmanager
def watch() -> Iterator[None]:
    """Watch every read inside the block."""
    made, choose = ForNode.__init__, ModelChoiceIterator.__iter__
    walk, cut, fetch = QuerySet.__iter__, QuerySet.__getitem__, QuerySet._fetch_all

    def loop(self: ForNode, loopvars: Any, sequence: Any, *args: Any, **kwargs: Any) -> None:
        made(self, loopvars, _Watched(sequence), *args, **kwargs)

    def choices(self: ModelChoiceIterator) -> Iterator[Any]:
        refuse(self.queryset, "choices")
        return choose(self)

    def rows(self: QuerySet) -> Iterator[Any]:
        if called_by_us() and self._iterable_class in (ModelIterable, ValuesIterable):
            refuse(self, "a walk")
        return walk(self)

    def part(self: QuerySet, key: Any) -> Any:
        ours = called_by_us()
        if ours and isinstance(key, int):
            refuse(self, f"[{key}]")
        found = cut(self, key)
        if isinstance(found, QuerySet):
            found._cut_by_us = ours
        return found

    def read(self: QuerySet) -> None:
        if self._result_cache is None and getattr(self, "_cut_by_us", False):
            refuse(self, "a slice")
        fetch(self)

    with (
        patch.object(ForNode, "__init__", loop),
        patch.object(ModelChoiceIterator, "__iter__", choices),
        patch.object(QuerySet, "__iter__", rows),
        patch.object(QuerySet, "__getitem__", part),
        patch.object(QuerySet, "_fetch_all", read),
    ):
        yield
