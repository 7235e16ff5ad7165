"""How far groups of students are on their way, for the strips on home and on a group's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from placements.progress import NOTHING, PLACED, READY_LABEL, SIGNED, STEPS, steps_of
from stage.schools.models import Group, GroupStudent

# The board matches, so to it a signed placement is a placement.
_ON_BOARD = {SIGNED: PLACED}


@dataclass(frozen=True)
class Strip:
    """One group: parts for `{% group_strip %}` as (label, count, tone, url)."""

    group: Group
    parts: list[tuple]
    board_url: str


def group_strips(actor, groups: Iterable[Group]) -> list[Strip]:
    """The strips of some groups; three queries however many there are."""
    groups = list(groups)
    by_id = {g.pk: g for g in groups}
    steps = steps_of(actor, {g.period_id for g in groups})
    members = GroupStudent.objects.visible_to(actor).filter(group__in=groups)
    counts: dict[int, Counter] = {g.pk: Counter() for g in groups}
    for group_id, student_id in members.values_list("group_id", "student_id"):
        period_id = by_id[group_id].period_id
        counts[group_id][steps.get((period_id, student_id), NOTHING)] += 1
    return [_strip(g, counts[g.pk]) for g in groups]


def _strip(group: Group, counts: Counter) -> Strip:
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
