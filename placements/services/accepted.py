"""All yeses at once: every student whom a company wants and who has no place yet is matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from placements.eligibility import placed_elsewhere
from placements.enums import ApplicationState
from placements.models import Application, Placement
from placements.services.locks import lock_many
from placements.services.matching import is_fresh, match, unmatch
from stage.core.who.policies import Conflict


@dataclass
class Outcome:
    """Who was matched, who was already on this very place, and who could not be, with why."""

    placements: list[Placement] = field(default_factory=list)
    already: list[Placement] = field(default_factory=list)
    refused: list[tuple[Application, str]] = field(default_factory=list)


@transaction.atomic
def match_accepted(applications: Sequence[Application], *, actor) -> Outcome:
    """Match each of these wishes of one period that its company still says yes to.

    Each goes through `match`, with its checks, its mails and its entry in the trail; one that
    cannot be is told in the outcome and the others go on. Raises NotAllowed.
    """
    outcome = Outcome()
    if not applications:
        return outcome
    lock_many(
        (a.student_id for a in applications),
        (a.place_id for a in applications),
        applications[0].period_id,
    )
    # As they stand now that nobody can change them.
    wishes = Application.objects.filter(pk__in=[a.pk for a in applications])
    wishes = wishes.select_related("student", "place", "company")
    live = Placement.objects.live().filter(
        student__in=[a.student_id for a in applications], period=applications[0].period_id
    )
    placed = {p.student_id: p for p in live.select_related("company")}
    for wish in wishes.order_by("student__sort_name", "student_id", "rank", "pk"):
        _match_one(wish, placed, outcome, actor=actor)
    return outcome


@transaction.atomic
def undo_matches(placements: Sequence[Placement], *, actor) -> int:
    """Take all these matches back that nobody was told of yet; returns how many. Raises NotAllowed.

    One that was told of, or that somebody signed for meanwhile, stays.
    """
    undone = 0
    for placement in placements:
        if not is_fresh(placement):
            continue
        try:
            unmatch(placement, actor=actor)
        except Conflict:
            continue
        undone += 1
    return undone


def _match_one(wish: Application, placed: dict[int, Placement], outcome: Outcome, *, actor) -> None:
    there = placed.get(wish.student_id)
    if there and there.place_id == wish.place_id:
        outcome.already.append(there)
    elif there:
        outcome.refused.append((wish, placed_elsewhere(wish.student, there).text))
    elif wish.state != ApplicationState.ACCEPTED:
        outcome.refused.append((wish, _no_longer(wish)))
    else:
        try:
            placement = match(wish.student, wish.place, actor=actor)
        except Conflict as conflict:
            outcome.refused.append((wish, str(conflict)))
        else:
            placed[wish.student_id] = placement
            outcome.placements.append(placement)


def _no_longer(wish: Application) -> str:
    """Why the yes does not count any more."""
    words = {"company": wish.company.name}
    if wish.state == ApplicationState.WITHDRAWN:
        return _("De sollicitatie is ingetrokken.")
    if wish.state == ApplicationState.DECLINED:
        return _("%(company)s zegt nu nee.") % words
    return _("Het ja van %(company)s geldt niet meer.") % words
