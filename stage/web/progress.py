"""How far groups of students are on their way, for the strips on home and on a group's page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

from placements.progress import PLACED, READY_LABEL, SIGNED, STEPS
from stage.schools.models import Group

# The board matches, so to it a signed placement is a placement.
_ON_BOARD = {SIGNED: PLACED}


@dataclass(frozen=True)
class Strip:
    """One group: parts for `{% group_strip %}` as (label, count, tone, url)."""

    group: Group
    parts: list[tuple]
    board_url: str


def strip_of(group: Group, counts: Counter) -> Strip:
    """The strip of a group, with how many of its students are at each step."""
    return Strip(group, parts_of(group, counts), board_of(group))


def parts_of(group: Group, counts: Counter, *, linked: bool = True) -> list[tuple]:
    """The strip of one group; each number leads to its students on the board, if `linked`."""
    url = board_of(group)
    return [
        (
            str(READY_LABEL if step.key == SIGNED and group.period.is_taster else step.label),
            counts[step.key],
            step.tone,
            f"{url}&staat={_ON_BOARD.get(step.key, step.key)}" if linked else "",
        )
        for step in STEPS
        if counts[step.key]
    ]


def board_of(group: Group) -> str:
    """The address of a group's board."""
    return f"{reverse('placements:board')}?groep={group.public_id}"


def newest_groups(actor, limit: int = 6):
    """The groups of the newest periods."""
    rows = Group.objects.visible_to(actor).select_related("period")
    return rows.order_by("-period__starts", "name", "pk")[:limit]
