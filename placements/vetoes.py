"""What apps above know that keeps a placement where it is, asked by pages and by the service.

A transition's own conditions stand in `workflow`. What only a higher app knows (a signature under
the agreement keeps a match from being undone) it says here, for many placements at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from placements.models import Placement
from placements.workflow import PLACEMENTS

# Ids of placements -> why not, for those that have to stay as they are.
Veto = Callable[[Collection[int]], Mapping[int, str]]
_VETOES: defaultdict[str, list[Veto]] = defaultdict(list)


def against(transition: str) -> Callable[[Veto], Veto]:
    """Register who may say that a transition of `workflow.PLACEMENTS` cannot happen any more."""
    PLACEMENTS[transition]  # KeyError for what is no transition

    def register(veto: Veto) -> Veto:
        _VETOES[transition].append(veto)
        return veto

    return register


def reasons(transition: str, placement_ids: Collection[int]) -> dict[int, str]:
    """Why it cannot happen, a sentence by placement; one question per veto, however many."""
    found: dict[int, str] = {}
    for veto in _VETOES[transition]:
        found |= veto(placement_ids)
    return found


def possible(placements: Iterable[Placement], actor) -> dict[int, list[str]]:
    """Per placement the names of the transitions that this actor could make now."""
    found = {p.pk: PLACEMENTS.possible(p, actor) for p in placements}
    for name in list(_VETOES):
        asked = [pk for pk, names in found.items() if name in names]
        for pk in reasons(name, asked) if asked else ():
            found[pk].remove(name)
    return found
