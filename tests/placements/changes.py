"""Short cuts of the tests of what changes in a placement."""

from __future__ import annotations

from datetime import date

from placements import services
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind
from placements.models import Placement, PlacementChange, PlannedDay
from stage.core.tenants.tenancy import SYSTEM, use

MONDAY = date(2027, 1, 11)  # the first day of the world's period, two weeks of five days
SECOND_MONDAY = date(2027, 1, 18)


def day(number: int) -> date:
    return date(2027, 1, number)


def current(row):
    """The row as it stands now, with its company and student."""
    with use(SYSTEM):
        if isinstance(row, Placement):
            return Placement.objects.select_related("company", "student").get(pk=row.pk)
        return type(row)._default_manager.get(pk=row.pk)


def days_of(placement) -> list[date]:
    with use(SYSTEM):
        rows = PlannedDay.objects.filter(placement=placement).order_by("date")
        return list(rows.values_list("date", flat=True))


def rows_of(placement) -> list[tuple]:
    """Days with their times, as they are planned."""
    with use(SYSTEM):
        rows = PlannedDay.objects.filter(placement=placement).order_by("date")
        return list(rows.values_list("date", "day_from", "day_to", "break_minutes"))


def in_state(placement, state: str, **values) -> Placement:
    with use(SYSTEM):
        Placement.objects.filter(pk=placement.pk).update(state=state, **values)
    return current(placement)


def change(world, placement, kind: str, *, actor=None, asked=None, **wanted) -> PlacementChange:
    """The coordinator (or `actor`) changes a placement."""
    who = actor or world.actor(world.berk.coordinator)
    wanted.setdefault("from_on", current(placement).starts)
    wanted.setdefault("reason", "agreed")
    chosen = Wanted(kind=ChangeKind(kind), **wanted)
    with use(who.scope):
        row = Placement.objects.get(pk=placement.pk)
        return services.change_placement(row, chosen, asked=asked, actor=who)


def ask(world, placement, kind: str, actor, **wanted) -> PlacementChange:
    wanted.setdefault("from_on", current(placement).starts)
    chosen = Wanted(kind=ChangeKind(kind), words="Het past niet.", reason="fit", **wanted)
    with use(actor.scope):
        row = Placement.objects.visible_to(actor).get(pk=placement.pk)
        return services.ask_change(row, chosen, actor=actor)


def undo(world, row: PlacementChange, *, actor=None) -> None:
    who = actor or world.actor(world.berk.coordinator)
    with use(who.scope):
        services.undo_change(PlacementChange.objects.get(pk=row.pk), actor=who)
