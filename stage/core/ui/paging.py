"""How much of a list stands on one page, everywhere the same."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from stage.core.ui.filters import Filters

PER_PAGE = 25
PER_PAGE_OF_CHOICES = 100  # where many are ticked at once
PER_PAGE_ON_PAPER = 500
PER_PAGE_OF_API = 50
FILE_LIMIT = 20_000  # rows of one file


class LatePaginator(Paginator):
    """Chooses the rows of a page by their numbers first, and joins what they show to these alone.

    Otherwise the database looks up company, student and teacher of every row of the school to put
    twenty-five of them on the screen.
    """

    def page(self, number) -> Page:
        rows = self.object_list
        if not isinstance(rows, QuerySet) or not _joins(rows):
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page + self.orphans, self.count)
        numbers = list(rows.values_list("pk", flat=True)[first:last])
        return Page(list(rows.filter(pk__in=numbers)), number, self)


def _joins(rows: QuerySet) -> bool:
    """Whether rows of a model come with others joined to them."""
    query = rows.query
    plain = not (query.distinct or query.combinator or query.is_sliced or query.group_by)
    of_model = rows._iterable_class.__name__ == "ModelIterable"  # type: ignore[attr-defined]
    return bool(query.select_related) and plain and of_model


def page_of(rows: Any, filters: Filters, size: int = PER_PAGE) -> Page:
    """The page the address asks for; past the end it is the last one."""
    return LatePaginator(rows, size).get_page(filters.chosen["page"] or 1)


class UncountedPage(Page):
    """A page of a list nobody counts: it knows whether more follows, not how much."""

    is_uncounted = True

    def __init__(self, rows: list, number: int, size: int):
        super().__init__(rows[:size], number, Paginator([], size))
        self._more = len(rows) > size

    def has_next(self) -> bool:
        return self._more

    def next_page_number(self) -> int:
        return self.number + 1

    def previous_page_number(self) -> int:
        return self.number - 1

    def start_index(self) -> int:
        return self.paginator.per_page * (self.number - 1) + 1

    def end_index(self) -> int:
        return self.start_index() + len(self.object_list) - 1


def uncounted_page_of(rows: QuerySet, filters: Filters, size: int = PER_PAGE) -> UncountedPage:
    """The page the address asks for, of a list too long to count; past the end the first."""
    number = filters.chosen["page"] or 1
    found = list(rows[(number - 1) * size : number * size + 1])
    if not found and number > 1:
        found, number = list(rows[: size + 1]), 1
    return UncountedPage(found, number, size)
