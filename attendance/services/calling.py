"""Called and nobody answered: written down, so that a colleague does not call the same again."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from attendance import policies
from attendance.models import Called
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.record import audit
from stage.core.who.policies import Conflict, require


@transaction.atomic
def called(placement: Placement, *, actor, day: date) -> Called:
    """Nobody answered. Raises NotAllowed, Conflict for another day than today."""
    require(policies.settle, actor, placement)
    if day != school_today():
        raise Conflict(_("Dit kan alleen op de dag zelf."))
    row = Called.objects.create_about(placement, date=day, by_id=actor.membership)
    audit.record(actor, "called_no_answer", placement, fields=["called"])
    return row


@transaction.atomic
def called_undone(placement: Placement, *, actor, day: date) -> None:
    """Take back the latest call that this person wrote down. Raises NotAllowed, Conflict."""
    require(policies.settle, actor, placement)
    mine = Called.objects.filter(placement=placement, date=day, by_id=actor.membership)
    row = mine.order_by("-at", "-pk").first()
    if row is None:
        raise Conflict(_("Er is niets om ongedaan te maken."))
    row.delete()
    audit.record(actor, "called_undone", placement, fields=["called"])
