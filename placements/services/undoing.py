"""A change that was pressed by mistake is taken back, before anybody was told of it."""

from __future__ import annotations

from datetime import date, time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.changes import elsewhere
from placements.changes.day import Day
from placements.enums import ChangeKind
from placements.models import Placement, PlacementChange, PlannedDay
from placements.services import ending
from placements.services.changing import hold
from placements.services.guiding import write_guides
from placements.signals import change_undone
from placements.workflow import CHANGES
from stage.core import mail
from stage.core.record import workflow
from stage.core.who.policies import Conflict

TOLD = gettext_lazy("Ongedaan maken kan niet meer: iedereen heeft al bericht.")
_READ = {
    "starts": date.fromisoformat,
    "ends": date.fromisoformat,
    "day_from": time.fromisoformat,
    "day_to": time.fromisoformat,
    "stand_in_from": date.fromisoformat,
    "stand_in_until": date.fromisoformat,
}


@transaction.atomic
def undo_change(change: PlacementChange, *, actor) -> None:
    """Put back what stood there. Its mails, which wait as long as this is possible, stay away.

    Raises NotAllowed; Conflict when they may have left, when something else changed since, or a day
    of the new plan was worked.
    """
    placement = hold(change.placement)
    change = PlacementChange.objects.select_for_update(no_key=True).get(pk=change.pk)
    if not change.can_be_undone:
        raise Conflict(str(TOLD))
    student = placement.student
    if change.is_ending and student.leaving_on:
        raise Conflict(_("Deze leerling gaat van school. Maak dat eerst ongedaan."))
    touched = [pk for pk in (placement.pk, change.moved_to_id) if pk]
    done = PlacementChange.objects.done().filter(placement__in=touched)
    if done.filter(decided_at__gt=change.decided_at).exists():
        raise Conflict(_("Er is daarna nog iets veranderd. Maak dat eerst ongedaan."))
    with mail.silent():
        _undo(placement, change, actor=actor)
    if not mail.take_back(change.step):
        raise Conflict(str(TOLD))


def _undo(placement: Placement, change: PlacementChange, *, actor) -> None:
    workflow.apply(change, CHANGES["undo"], actor=actor)
    if change.kind == ChangeKind.MOVE:
        ending.undo_move(change, actor=actor)
    values = {
        name: _READ[name](value) if name in _READ and value is not None else value
        for name, value in change.before["values"].items()
    }
    if change.is_ending:
        ending.reinstate(placement, change.before["state"], actor=actor, **values)
    elif values:
        Placement.objects.filter(pk=placement.pk).update(**values)
    _put_back_days(placement, change.before)
    write_guides([Placement.objects.get(pk=placement.pk)])
    change_undone.send(sender=PlacementChange, change=change, actor=actor)


def _put_back_days(placement: Placement, before: dict) -> None:
    added = [Day.read(day).date for day in before["added"]]
    retimed = [(Day.read(old), Day.read(new)) for old, new in before["retimed"]]
    elsewhere.hold(placement.pk, [*added, *(new.date for _old, new in retimed)])
    worked = elsewhere.kept_days([placement.pk]).get(placement.pk, set())
    if worked & {*added, *(new.date for _old, new in retimed)}:
        raise Conflict(_("Ongedaan maken kan niet: een van de dagen is al begonnen."))
    rows = PlannedDay.objects.filter(placement=placement)
    rows.filter(date__in=added).delete()
    for old, _new in retimed:
        rows.filter(date=old.date).update(
            day_from=old.day_from,
            day_to=old.day_to,
            break_minutes=old.break_minutes,
            changed_at=timezone.now(),
        )
    try:
        with transaction.atomic():
            PlannedDay.objects.bulk_create(
                PlannedDay.about(placement, **Day.read(day)._asdict()) for day in before["removed"]
            )
    except IntegrityError as error:
        raise Conflict(_("De leerling is op een van de dagen nu bij een ander bedrijf.")) from error
