"""Whether a company may be asked: for one school's letters, or for everybody in the region."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from companies import policies
from companies.enums import ChangeKind, Standing
from companies.models import Company, Invitation, LetterStop
from companies.services.changes import note_change
from stage.core.record import audit
from stage.core.tenants.tenancy import as_school_of
from stage.core.who.policies import require


@transaction.atomic
def set_standing(company: Company, standing: str, *, why: str = "", actor) -> None:
    """Say whether anybody in the region may ask this company; every school that works there hears.

    Nothing else of it changes: students who are there stay, and what it offered stands.
    """
    stored = Company.objects.get(pk=company.pk)
    require(lambda who, row: policies.may_bar(who, row, standing), actor, stored)
    if stored.standing == standing:
        return
    before = {"standing": str(Standing(stored.standing).label)}
    Company.objects.filter(pk=company.pk).update(
        standing=standing,
        standing_why="" if standing == Standing.OPEN else why,
        standing_since=timezone.now(),
        standing_by=actor.name,
    )
    audit.record(actor, "company_standing_changed", stored, fields=("standing", "standing_why"))
    after = {"standing": str(Standing(standing).label)}
    note_change(ChangeKind.STANDING, stored, before=before, after=after, actor=actor)


@transaction.atomic
def stop_letters(invitation: Invitation, *, address: str, actor) -> None:
    """The reader of this mailbox wants no letters of this school any more; the link is enough.

    Mails about a student who is there still come. A second time changes nothing.
    """
    require(policies.may_answer, actor, invitation)
    with as_school_of(invitation):
        _row, made = LetterStop.objects.get_or_create(
            school_id=invitation.school_id,
            company_id=invitation.company_id,
            address=address.strip().lower(),
        )
        if made:
            audit.record(actor, "letters_stopped", invitation)


@transaction.atomic
def allow_letters(invitation: Invitation, *, address: str, actor) -> None:
    """The same mailbox gets letters of this school again."""
    require(policies.may_answer, actor, invitation)
    with as_school_of(invitation):
        rows = LetterStop.objects.filter(
            company__in=Company.objects.of_family([invitation.company_id]),
            school_id=invitation.school_id,
            address=address.strip().lower(),
        )
        if rows.delete()[0]:
            audit.record(actor, "letters_allowed", invitation)
