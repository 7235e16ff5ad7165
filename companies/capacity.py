"""How many of a place are in use: counted by who knows, never stored here.

`placements` registers its counter; this app may not look upwards.
"""

from __future__ import annotations

from collections.abc import Callable

from stage.core.tenants.tenancy import as_school_of

_COUNTERS: list[Callable] = []


def register_counter(function: Callable) -> Callable:
    """Register `(Place) -> int`: what is reserved or taken of a place. Runs as the place's school.

    The caller holds the lock on the place's row, so that nothing is reserved meanwhile.
    """
    _COUNTERS.append(function)
    return function


def in_use(place) -> int:
    """Reserved and taken places together."""
    with as_school_of(place):
        return sum(count(place) for count in _COUNTERS)
