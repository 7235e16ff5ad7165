"""Companies of the pool that look like one somebody names, with where each is: no more than that.

For who names a company in their own words, a student too: nearly the same name in the same town,
or the very same name anywhere. A person chooses; which company a row of a list is, is decided in
`row_matching`, which guesses at nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q

from companies.models import Company, Location
from stage.core.dutch import names

SHOWN = 4
_READ = 200  # companies that share a word with the name
_NEAR = 0.75  # how alike two names are that are told apart by a typing error or a word


@dataclass(frozen=True)
class Alike:
    """A company that it may be, and its town."""

    company: Company
    city: str


def alike(companies, name: str, city: str) -> list[Alike]:
    """Those of these companies that it may be, the likeliest first; merged ones as what stays.

    `companies` are the rows somebody may know of. Three queries.
    """
    wanted, town = names.trade_key(name), names.sort_key(city)
    if not wanted:
        return []
    rows = list(companies.filter(_shares_a_word(wanted)).order_by("pk")[:_READ])
    scores = {row.pk: _score(wanted, names.trade_key(row.name)) for row in rows}
    families = {row.family_id for row in rows if scores[row.pk] >= _NEAR}
    towns = _towns(families)
    stays = {c.pk: c for c in companies.in_use().filter(pk__in=families)}
    found: dict[int, tuple[float, Alike]] = {}
    for row in rows:
        score, family = scores[row.pk], row.family_id
        cities = towns.get(family, [])
        here = next((c for c in cities if names.sort_key(c) == town), "")
        if family not in stays or score < _NEAR or (score < 1 and not here):
            continue
        known = Alike(stays[family], here or next(iter(cities), ""))
        rank = score + bool(here)
        if family not in found or found[family][0] < rank:
            found[family] = rank, known
    best = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].company.sort_name))
    return [known for _rank, known in best[:SHOWN]]


def _shares_a_word(wanted: str) -> Q:
    words = [word for word in wanted.split() if len(word) > 3] or [wanted]
    found = Q(sort_name__startswith=wanted[:4])
    for word in words:
        found |= Q(search_name__contains=names.search_key(word))
    return found


def _score(one: str, other: str) -> float:
    """1 for the same name; else how many letters they share, or a little less than all where one

    holds the other.
    """
    if one == other:
        return 1
    if min(len(one), len(other)) > 3 and (f" {one} " in f" {other} " or f" {other} " in f" {one} "):
        return 0.9
    return min(SequenceMatcher(None, one, other).ratio(), 0.99)


def _towns(families: set[int]) -> dict[int, list[str]]:
    rows = Location.objects.filter(company__family_id__in=families).exclude(city="").order_by("pk")
    found: dict[int, list[str]] = {}
    for family, city in rows.values_list("company__family_id", "city"):
        found.setdefault(family, []).append(city)
    return found
