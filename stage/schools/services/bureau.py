"""Colleagues of a region's bureau: invite, invite again, and end."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stage.core.enums import Role
from stage.core.models import Membership, Region
from stage.core.record import audit
from stage.core.who.policies import Answer, Conflict, Denied, require
from stage.schools.services.people import (
    held_elsewhere,
    invite,
    not_accepted,
    queue_invitation,
)
from stage.schools.services.school_settings import bureau_of


def colleague_of(actor, membership: Membership) -> Answer:
    """Somebody of the same region's bureau."""
    if membership.role == Role.BUREAU:
        return bureau_of(actor, membership.region)
    return Denied(_("Dit kan alleen het stagebureau van de regio."))


@transaction.atomic
def invite_colleague(region: Region, *, name: str, email: str, actor) -> Membership:
    """Somebody else for the own bureau, invited by mail.

    Raises NotAllowed, and Conflict when this person works there already.
    """
    require(bureau_of, actor, region)
    membership = Membership(role=Role.BUREAU, region=region, name=name, email=email)
    return invite(membership, _("Deze collega werkt al bij jullie stagebureau."), actor=actor)


@transaction.atomic
def invite_colleague_again(membership: Membership, *, actor) -> None:
    """Mail the invitation once more. Raises NotAllowed; Conflict when the account is open."""
    require(colleague_of, actor, membership)
    if membership.pk not in not_accepted([membership]):
        raise Conflict(_("Deze collega heeft het account al geopend."))
    audit.record(actor, "staff_invited_again", membership)
    queue_invitation(membership, again=True)


@transaction.atomic
def end_colleague(membership: Membership, *, actor) -> None:
    """Somebody leaves the bureau.

    Raises NotAllowed; Conflict for the last one, twice, or while there is work to hand over.
    """
    require(colleague_of, actor, membership)
    # All of them are held, so that two cannot leave at once.
    there = Membership.objects.select_for_update().filter(
        region_id=membership.region_id, school=None, role=Role.BUREAU, ended_at=None
    )
    members = list(there.order_by("pk"))
    staying = [m for m in members if m.pk != membership.pk]
    if len(staying) == len(members):
        raise Conflict(_("Deze collega is intussen al weg."))
    if not {m.pk for m in staying} - not_accepted(staying):
        raise Conflict(_("Er blijft altijd iemand die kan inloggen. Nodig eerst een ander uit."))
    if held_elsewhere(membership):
        words = _("%(name)s heeft nog bedrijven. Draag die eerst over: bij Opvolgen.")
        raise Conflict(words % {"name": membership.name})
    Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=timezone.now())
    audit.record(actor, "bureau_colleague_ended", membership, fields=("ended_at",))
