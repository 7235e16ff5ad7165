"""Days that did not go through, and what the school decided about days that were missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from placements.changes.day import Day
from placements.enums import ChangeKind
from placements.models import PlacementChange


def called_off(actor, placement_ids: Collection[int]) -> dict[int, dict[date, Day]]:
    """Per placement the days that were called off, as they had been planned.

    A company reads no changes: to it such a day is a day without a placement.
    """
    found: defaultdict[int, dict[date, Day]] = defaultdict(dict)
    for change in _done(actor, placement_ids, ChangeKind.CALLED_OFF):
        for kept in change.before.get("removed", ()):
            day = Day.read(kept)
            found[change.placement_id][day.date] = day
    return found


def decisions(actor, placement_ids: Collection[int]) -> dict[int, dict[date, PlacementChange]]:
    """Per placement and missed day the decision that stands: the last one."""
    found: defaultdict[int, dict[date, PlacementChange]] = defaultdict(dict)
    for change in _done(actor, placement_ids, ChangeKind.CATCH_UP):
        found[change.placement_id][change.from_on] = change
    return found


def _done(actor, placement_ids: Collection[int], kind: ChangeKind):
    if actor.is_company:
        return PlacementChange.objects.none()
    rows = PlacementChange.objects.visible_to(actor).done()
    rows = rows.filter(placement__in=placement_ids, kind=kind)
    return rows.order_by("decided_at", "pk")
