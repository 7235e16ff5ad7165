"""Which lists keep their filters under a name: those whose view says `@reads(..., kept_as=...)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import NoReverseMatch, resolve, reverse

from stage.core.ui.filters import Filters

LONGEST = 2000  # of what a list is narrowed to, in signs


@dataclass(frozen=True)
class KeepingList:
    """A list that keeps filters: its route, what it is called, and what its address may say."""

    page: str
    title: Any  # may be a lazy translation
    form: type[Filters]

    @property
    def url(self) -> str:
        return reverse(self.page)

    def read(self, query: str, actor) -> Filters:
        """What is understood of a query today, by this actor."""
        return self.form(QueryDict(query[:LONGEST]), actor=actor)

    def address(self, filters: Filters) -> str:
        """The list, narrowed to this."""
        query = filters.to_keep()
        return f"{self.url}?{query}" if query else self.url


def list_at(page: str, actor) -> KeepingList | None:
    """The list of this route, if it keeps filters and this actor may open it."""
    try:
        view: Any = resolve(reverse(page)).func
    except NoReverseMatch:
        return None
    title, access = getattr(view, "kept_as", None), getattr(view, "access", None)
    if title is None or access is None or actor.role not in access.roles:
        return None
    return KeepingList(page, title, view.filters)
