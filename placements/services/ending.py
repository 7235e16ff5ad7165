"""A placement ends before its last day, or never begins; and the move to another company.

Called by `services.changing` with the student and the placement locked, in the school's scope.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Place
from placements.changes.plan import Plan
from placements.enums import UNSIGNED, ApplicationState, ChangeKind, PlacementState
from placements.models import Application, Placement, PlacementChange
from placements.queries import live_placement, used_places
from placements.services.disclosure import disclose, revoke_without_reason
from placements.services.locks import lock_place
from placements.services.matching import close_others, match
from placements.services.placements import allow_unsigned, send_briefs
from placements.services.rest import after_undoing
from placements.workflow import APPLICATIONS, PLACEMENTS
from stage.core.dutch.calendar import school_today
from stage.core.record import workflow
from stage.core.who.policies import Conflict


def call_off(plan: Plan, *, actor) -> None:
    """It never begins: the place is free, and what the student asked elsewhere runs again."""
    placement = plan.placement
    workflow.apply(placement, PLACEMENTS["call_off"], actor=actor)
    give_back(placement, actor=actor)
    after_undoing(placement.student, placement.period_id, at=timezone.now(), actor=actor)
    revoke_without_reason(placement.student_id, placement.company_id, actor=actor)


def stop(plan: Plan, *, actor) -> None:
    """It ends early. One that is not signed, of a student who moves, is called off instead."""
    placement = plan.placement
    if placement.state in UNSIGNED:
        workflow.apply(placement, PLACEMENTS["call_off"], actor=actor)
    else:
        workflow.apply(
            placement, PLACEMENTS["stop"], actor=actor, ends=plan.values.get("ends", placement.ends)
        )
    give_back(placement, actor=actor)


def begin_elsewhere(plan: Plan, change: PlacementChange, *, actor) -> None:
    """The same student at the other company from that day on; that company hears who comes.

    Raises Conflict when no place is free there.
    """
    place: Place | None = plan.wanted.place
    if place is None:
        raise Conflict(_("Kies eerst een plek."))
    moved = match(
        plan.placement.student,
        place,
        teacher=plan.placement.teacher,
        first=plan.wanted.from_on,
        tell=False,
        actor=actor,
    )
    if plan.wanted.unsigned_reason:
        allow_unsigned(moved, plan.wanted.unsigned_reason, actor=actor)
    change.moved_to = moved
    change.save(update_fields=["moved_to"])
    revoke_without_reason(plan.placement.student_id, plan.placement.company_id, actor=actor)
    send_briefs([moved], actor=actor)


def give_back(placement: Placement, *, actor) -> None:
    """The yes under a placement that ended holds no place, and is in no list of yeses."""
    for application in _yes_under(placement).select_related("place"):
        workflow.apply(
            application,
            APPLICATIONS["release"],
            actor=actor,
            decided_at=timezone.now(),
            reason=_("De stage bij dit bedrijf is geëindigd."),
        )


def take_up_again(placement: Placement, *, actor) -> None:
    """The ending was taken back: the yes holds its place again."""
    for application in _yes_under(placement, ApplicationState.WITHDRAWN).select_related("place"):
        workflow.apply(
            application, APPLICATIONS["settle"], actor=actor, decided_at=timezone.now(), reason=""
        )


def reinstate(placement: Placement, state: str, *, actor, **values) -> None:
    """Put a placement that just ended back in the state it had.

    Raises Conflict when its place or the student was given away meanwhile.
    """
    _check_free(placement)
    steps = {
        PlacementState.CONCEPT: "to_concept",
        PlacementState.AGREEMENT: "to_concept",  # its agreement lapsed: a new one begins
        PlacementState.SIGNED: "to_signed",
        PlacementState.RUNNING: "to_running",
    }
    workflow.apply(placement, PLACEMENTS[steps[PlacementState(state)]], actor=actor, **values)
    take_up_again(placement, actor=actor)
    disclose(placement.student, placement.company_id, actor=actor)
    close_others(placement, actor=actor)


def _check_free(placement: Placement) -> None:
    there = live_placement(placement.student_id, placement.period_id)
    if there is not None:
        words = {"company": there.company.name}
        raise Conflict(_("Deze leerling is intussen geplaatst bij %(company)s.") % words)
    if placement.place_id is None:
        return
    place = lock_place(placement.place_id)
    # What it still holds itself: the company's yes, or its last days.
    days_left = placement.is_stopped and placement.ends >= school_today()
    yes = placement.is_cancelled and _yes_under(placement).exists()
    taken = used_places([place.pk]).get(place.pk, 0) - int(days_left or yes)
    if taken >= place.how_many:
        raise Conflict(_("De plek is intussen vergeven."))


def _yes_under(placement: Placement, state: str = ApplicationState.ACCEPTED):
    return Application.objects.filter(
        student_id=placement.student_id, place_id=placement.place_id, state=state
    )


def undo_move(change: PlacementChange, *, actor) -> None:
    """The placement at the other company is gone, as if it was never made."""
    moved = change.moved_to
    if change.kind != ChangeKind.MOVE or moved is None:
        return
    moved = Placement.objects.select_for_update(no_key=True).get(pk=moved.pk)
    workflow.apply(moved, PLACEMENTS["call_off"], actor=actor)
    moved.planned_days.all().delete()
    give_back(moved, actor=actor)
    revoke_without_reason(moved.student_id, moved.company_id, actor=actor)
