"""What apps above know of a placement that changes: days on which something happened, papers.

They register here; a change asks. Run in the school's scope.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date

# Ids of placements -> per placement the days on which somebody was there, was reported away, or the
# company said something: a change leaves them as they are.
Keeper = Callable[[Collection[int]], Iterable[tuple[int, date]]]
# A plan -> sentences about what else it touches.
Toucher = Callable[..., Iterable[str]]

# A placement's id and days that will not be as they are: waits for who writes about them just now.
Holder = Callable[[int, Collection[date]], None]

# A change -> the address of the page on which the school decides it.
Page = Callable[..., str]

_KEEPERS: list[Keeper] = []
_HOLDERS: list[Holder] = []
_PAGES: dict[str, Page] = {}
_TOUCHERS: list[Toucher] = []


def keeps(function: Keeper) -> Keeper:
    """Register who knows that a day was worked, or is spoken for."""
    _KEEPERS.append(function)
    return function


def holds(function: Holder) -> Holder:
    """Register who writes about days that come to pass, and has a change wait for that."""
    _HOLDERS.append(function)
    return function


def decided_at(kind: str) -> Callable[[Page], Page]:
    """Register the page of an app above on which a kind of change is decided."""

    def register(function: Page) -> Page:
        _PAGES[kind] = function
        return function

    return register


def page_for(change) -> str:
    """The page on which this one is decided; empty where that is the page of changes itself."""
    page = _PAGES.get(change.kind)
    return page(change) if page else ""


def touches(function: Toucher) -> Toucher:
    """Register who says what else a change touches; called with the plan (`plan.Plan`)."""
    _TOUCHERS.append(function)
    return function


def kept_days(placement_ids: Collection[int]) -> dict[int, set[date]]:
    """Per placement the days that no change removes or moves."""
    found: defaultdict[int, set[date]] = defaultdict(set)
    for keeper in _KEEPERS:
        for placement_id, day in keeper(placement_ids):
            found[placement_id].add(day)
    return found


def hold(placement_id: int, days: Collection[date]) -> None:
    """Wait for who writes about these days, until the transaction ends: then read again."""
    for holder in _HOLDERS:
        holder(placement_id, days)


def touched(plan) -> list[str]:
    """What else a plan touches, a sentence each."""
    return [text for toucher in _TOUCHERS for text in toucher(plan)]
