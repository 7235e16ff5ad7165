"""How far a group of students is on its way, for the strips on the coordinator's home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement
from stage.core.models import Group, GroupStudent

# Furthest first: a student counts once, at the furthest step it reached.
STEPS = (
    ("signed", _("getekend"), "good"),
    ("placed", _("geplaatst"), "good"),
    ("accepted", _("bedrijf zegt ja"), "info"),
    ("applied", _("gesolliciteerd"), "attention"),
    ("none", _("nog niets"), "wrong"),
)
DONE = (PlacementState.SIGNED, PlacementState.RUNNING, PlacementState.FINISHED)


@dataclass(frozen=True)
class Strip:
    """One group: parts for `{% group_strip %}` as (label, count, tone, url)."""

    group: Group
    parts: list[tuple[str, int, str, str]]
    board_url: str


def group_strips(actor, groups: Iterable[Group]) -> list[Strip]:
    """The strips of some groups; three queries however many there are."""
    groups = list(groups)
    by_id = {g.pk: g for g in groups}
    steps = _steps(actor, groups)
    members = GroupStudent.objects.visible_to(actor).filter(group__in=groups)
    counts: dict[int, Counter] = {g.pk: Counter() for g in groups}
    for group_id, student_id in members.values_list("group_id", "student_id"):
        period_id = by_id[group_id].period_id
        counts[group_id][steps.get((period_id, student_id), "none")] += 1
    return [_strip(g, counts[g.pk]) for g in groups]


def _steps(actor, groups: list[Group]) -> dict[tuple[int, int], str]:
    periods = {g.period_id for g in groups}
    found: dict[tuple[int, int], str] = {}
    applications = Application.objects.visible_to(actor).filter(period__in=periods).open()
    for period, student, state in applications.values_list("period_id", "student_id", "state"):
        accepted = state == ApplicationState.ACCEPTED
        if accepted or (period, student) not in found:
            found[period, student] = "accepted" if accepted else "applied"
    placements = Placement.objects.visible_to(actor).filter(period__in=periods).live()
    for period, student, state in placements.values_list("period_id", "student_id", "state"):
        found[period, student] = "signed" if state in DONE else "placed"
    return found


def _strip(group: Group, counts: Counter) -> Strip:
    url = board_of(group)
    parts = [(str(label), counts[key], tone, url) for key, label, tone in STEPS if counts[key]]
    return Strip(group, parts, url)


def board_of(group: Group) -> str:
    """The address of a group's board."""
    return f"{reverse('placements:board')}?groep={group.public_id}"


def newest_groups(actor, limit: int = 6):
    """The groups of the newest periods."""
    rows = Group.objects.visible_to(actor).select_related("period")
    return rows.order_by("-period__starts", "name", "pk")[:limit]
