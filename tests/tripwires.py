"""A read whose order somebody sees must say its order: the database is free to change it.

`watch()` makes these fail, wherever they happen:

* a `{% for %}` of a template over a queryset without an order, also when a view copied it to a list;
* a form's choices from such a queryset;
* a slice of one, `rows[:5]` or `rows[0]`, when it is read;
* a page of one (Django warns by itself, and warnings are errors here).

A read into a set or dict, `get()`, `first()` (by key) and `exists()` need no order. Rows that a view
sorts itself are a new list, which is in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.models import Model
from django.db.models.query import QuerySet
from django.forms.models import ModelChoiceIterator
from django.template.defaulttags import ForNode

MARK = "_place_in_unordered_read"


class Unordered(AssertionError):
    """Rows are shown in an order nobody chose."""


def refuse(rows: QuerySet, how: str) -> None:
    """Raise Unordered when the queryset has no order."""
    if not rows.ordered:
        raise Unordered(f"{how} of {rows.model.__name__} without an order: {rows.query}")


def _in_reading_order(rows: Iterable[Any]) -> bool:
    """Whether these are two or more rows just as one read without an order gave them."""
    if not isinstance(rows, list | tuple) or len(rows) < 2:
        return False
    marks = [vars(row).get(MARK) if isinstance(row, Model) else None for row in rows]
    if None in marks:
        return False
    reads = {read for read, _place in marks}
    places = [place for _read, place in marks]
    return len(reads) == 1 and places == sorted(places)


class _Watched:
    """A template's loop variable that is looked at before it is walked."""

    def __init__(self, sequence: Any) -> None:
        self.sequence = sequence
        self.var = getattr(sequence, "var", sequence)  # ForNode's repr

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        values = self.sequence.resolve(context, ignore_failures=ignore_failures)
        if isinstance(values, QuerySet):
            refuse(values, f"{{% for … in {self.sequence} %}}")
        elif _in_reading_order(values):
            name = type(values[0]).__name__
            raise Unordered(f"{{% for … in {self.sequence} %}} of {name} without an order")
        return values


@contextmanager
def watch() -> Iterator[None]:
    """Watch every template, form and slice inside the block."""
    made, read = ForNode.__init__, ModelChoiceIterator.__iter__
    cut, fetch = QuerySet.__getitem__, QuerySet._fetch_all

    def loop(self: ForNode, loopvars: Any, sequence: Any, *args: Any, **kwargs: Any) -> None:
        made(self, loopvars, _Watched(sequence), *args, **kwargs)

    def choices(self: ModelChoiceIterator) -> Iterator[Any]:
        refuse(self.queryset, "choices")
        return read(self)

    def part(self: QuerySet, key: Any) -> Any:
        if isinstance(key, int):
            refuse(self, f"[{key}]")
        found = cut(self, key)
        if isinstance(found, QuerySet):
            found._was_cut = True
        return found

    def rows_of(self: QuerySet) -> None:
        fresh = self._result_cache is None
        if fresh and getattr(self, "_was_cut", False):
            refuse(self, "a slice")
        fetch(self)
        if fresh and not self.ordered:
            for place, row in enumerate(self._result_cache):
                if isinstance(row, Model):
                    vars(row)[MARK] = (id(self._result_cache), place)

    with (
        patch.object(ForNode, "__init__", loop),
        patch.object(ModelChoiceIterator, "__iter__", choices),
        patch.object(QuerySet, "__getitem__", part),
        patch.object(QuerySet, "_fetch_all", rows_of),
    ):
        yield
