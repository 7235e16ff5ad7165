"""Searching from every page: each app adds what it can find, for whom, and where the rest stands.

    @finding.source("students", _("Leerlingen"), Audience.COORDINATOR, order=10, icon="user")
    def students(actor, text) -> Finding | None: ...

Sources stand in `<app>/finding.py`, loaded when the app starts. All are asked in one statement,
whatever there is to find. What was searched for is written down nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Window

from stage.core.dutch.names import search_key
from stage.core.ui.counting import read_all

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHORTEST = 2  # letters or figures: one finds everybody
FEW = 5  # of each kind among all
MANY = 50  # of one kind alone


@dataclass(frozen=True)
class Found:
    """One thing that was found: a name, where it stands, and in a few words which one it is."""

    title: str
    url: str
    text: str = ""


@dataclass(frozen=True)
class Finding:
    """What one source has for a search.

    `rows` are `values()` in their order; `show` makes one of them a `Found`. `url` is the list
    that shows all of them, where there is one. A source that needs no database gives `known`.
    """

    rows: QuerySet | None = None
    show: Callable[[dict[str, Any]], Found] | None = None
    url: str = ""
    known: Iterable[Found] = ()


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found."""

    key: str
    label: StrOrPromise
    order: int
    icon: str
    audiences: frozenset[str]
    find: Callable


@dataclass
class Group:
    """What was found of one kind: the first few, and how many there are."""

    key: str
    label: StrOrPromise
    icon: str
    url: str
    total: int = 0
    found: list[Found] = field(default_factory=list)

    @property
    def has_more(self) -> bool:
        return self.total > len(self.found)


_SOURCES: list[Source] = []


def source(key: str, label: StrOrPromise, *audiences: str, order: int, icon: str) -> Callable:
    """Register a function `(actor, text) -> Finding or None` for one or more audiences."""

    def register(function: Callable) -> Callable:
        who = frozenset(str(audience) for audience in audiences)
        _SOURCES.append(Source(key, label, order, icon, who, function))
        _SOURCES.sort(key=lambda s: s.order)
        return function

    return register


def sources_of(actor) -> list[Source]:
    """What this actor can search in."""
    return [s for s in _SOURCES if actor.role in s.audiences]


def kinds() -> list[tuple[str, StrOrPromise]]:
    """All kinds there are, as choices of an address."""
    return [(s.key, s.label) for s in _SOURCES]


def is_too_short(text: str) -> bool:
    """Whether there is too little to search for; signs alone are nothing."""
    return len(search_key(text)) < SHORTEST


def find(actor, text: str, only: str = "") -> list[Group]:
    """What this actor finds, per kind; `only` names one kind, of which more is shown."""
    if is_too_short(text):
        return []
    sources = [s for s in sources_of(actor) if only in ("", s.key)]
    asked = [(s, answer) for s in sources if (answer := s.find(actor, text)) is not None]
    most = MANY if only else FEW
    read = iter(
        read_all(*_of_each(asked, most)) if any(a.rows is not None for _, a in asked) else ()
    )
    groups = [_group(source, answer, read, most) for source, answer in asked]
    return [group for group in groups if group.total]


def _of_each(asked: list[tuple[Source, Finding]], most: int) -> Iterator[QuerySet]:
    # Counted beside the rows that are read: all are gone through once.
    for _source, answer in asked:
        if answer.rows is not None:
            yield answer.rows.annotate(of_all=Window(Count("*")))[:most]


def _group(source: Source, answer: Finding, read: Iterator, most: int) -> Group:
    group = Group(source.key, source.label, source.icon, answer.url)
    if answer.rows is None or answer.show is None:
        known = list(answer.known)
        group.found, group.total = known[:most], len(known)
        return group
    rows = next(read)
    group.found = [answer.show(row) for row in rows]
    group.total = rows[0]["of_all"] if rows else 0
    return group
