"""What follows a period: apps above say how much does not follow a change of it yet.

    @following.asks
    def placements_behind(actor, period) -> Behind | None: ...

The period's page leads on to the page of that app, which this one does not know.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from stage.schools.models import Period


class Behind(NamedTuple):
    """How many rows do not follow the period as it reads now, and the page that does something."""

    many: int
    url: str


Asker = Callable[..., Behind | None]

_ASKERS: list[Asker] = []


def asks(function: Asker) -> Asker:
    """Register who knows what follows a period; called with the actor and the period."""
    _ASKERS.append(function)
    return function


def behind(actor, period: Period) -> Behind | None:
    """What does not follow the period yet, for an actor who can do something about it."""
    answers = (asker(actor, period) for asker in _ASKERS)
    return next((answer for answer in answers if answer is not None and answer.many), None)
