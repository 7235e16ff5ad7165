"""A day that was missed: caught up on another, excused, or written off; and taken back."""

from __future__ import annotations

from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from attendance.queries.missed import MissedDay, missed_day
from placements import services
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind, ChangeReason, Missed
from placements.models import Placement, PlacementChange
from placements.policies import leads
from stage.core.who.policies import Conflict, require


@transaction.atomic
def decide_missed(
    placement: Placement, wanted: Wanted, *, asked: PlacementChange | None = None, actor
) -> PlacementChange:
    """The teacher who leads, or the coordinator, says what becomes of a missed day.

    `wanted` as `wanted_for` gives it; everybody concerned is told, as of any change. Raises
    NotAllowed; Conflict for a day that was not missed, that was caught up meanwhile, or a new day
    that cannot be.
    """
    require(leads, actor, placement)
    found = _missed(placement, wanted.from_on, actor)
    if found.is_caught_up:
        raise Conflict(_("Deze dag is al ingehaald."))
    if wanted.outcome == Missed.OPEN and not found.can_be_taken_back:
        raise Conflict(_("Er is niets om terug te nemen."))
    return services.change_placement(placement, wanted, asked=asked, actor=actor)


@transaction.atomic
def propose_catch_up(placement: Placement, wanted: Wanted, *, actor) -> PlacementChange:
    """Student, guardian or company names a day; the school decides. Raises NotAllowed, Conflict."""
    found = _missed(placement, wanted.from_on, actor)
    if found.instead is not None:
        raise Conflict(_("Voor deze dag staat er al een andere dag gepland."))
    return services.ask_change(placement, wanted, actor=actor)


def wanted_for(
    day: date,
    outcome: str,
    *,
    words: str = "",
    on: date | None = None,
    day_from: time | None = None,
    day_to: time | None = None,
) -> Wanted:
    """What is wanted for the missed day."""
    return Wanted(
        kind=ChangeKind.CATCH_UP,
        from_on=day,
        outcome=str(outcome),
        reason=ChangeReason.AGREED,
        words=words,
        on=on,
        day_from=day_from,
        day_to=day_to,
    )


def _missed(placement: Placement, day: date, actor) -> MissedDay:
    found = missed_day(actor, placement, day)
    if found is None:
        raise Conflict(_("Deze dag is niet gemist."))
    return found
