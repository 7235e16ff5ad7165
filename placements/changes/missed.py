"""Days that did not go through, and what the school decided about days that were missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from placements.changes.day import Day
from placements.enums import ChangeKind, ChangeState
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
    return asked_and_decided(actor, placement_ids)[1]


def asked_and_decided(
    actor, placement_ids: Collection[int]
) -> tuple[dict[tuple[int, date], PlacementChange], dict[int, dict[date, PlacementChange]]]:
    """What was proposed and waits, by placement and day; and the decisions, the last one each.

    A company reads what it proposed itself, and no decisions.
    """
    rows = PlacementChange.objects.visible_to(actor).filter(
        placement__in=placement_ids,
        kind=ChangeKind.CATCH_UP,
        state__in=(ChangeState.ASKED, ChangeState.DONE),
    )
    asked: dict[tuple[int, date], PlacementChange] = {}
    decided: defaultdict[int, dict[date, PlacementChange]] = defaultdict(dict)
    for row in rows.order_by("decided_at", "pk"):
        if row.is_asked:
            asked[row.placement_id, row.from_on] = row
        elif not actor.is_company:
            decided[row.placement_id][row.from_on] = row
    return asked, decided


def _done(actor, placement_ids: Collection[int], kind: ChangeKind):
    if actor.is_company:
        return PlacementChange.objects.none()
    rows = PlacementChange.objects.visible_to(actor).done()
    rows = rows.filter(placement__in=placement_ids, kind=kind)
    return rows.order_by("decided_at", "pk")
