"""Whether a company may be asked: for one school's letters, or for everybody in the region."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from companies import policies
from companies.enums import ChangeKind, InvitationState, Standing
from companies.models import Company, Contact, Invitation, LetterStop
from companies.services.changes import note_change
from companies.workflow import INVITATION
from stage.core import mail
from stage.core.record import audit, workflow
from stage.core.tenants.tenancy import as_school_of
from stage.core.who.actors import job_at
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
def stop_letters(row, *, actor) -> None:
    """The reader of a mailbox wants no letters of this school any more; a mail's link is enough.

    `row` says of which school and at which company: a letter, or who reads a mail (`Reader`). The
    mailbox is the actor's own. Mails about a student who is there still come. What waits is not
    sent; a second time changes nothing.
    """
    require(policies.may_stop_letters, actor, row)
    address = actor.email.strip().lower()
    with as_school_of(row):
        stop, made = LetterStop.objects.get_or_create(
            school_id=row.school_id, company_id=row.company_id, address=address
        )
        if made:
            audit.record(actor, "letters_stopped", stop)
            _leave_unsent(row, address)


def _leave_unsent(row, address: str) -> None:
    """Letters to this mailbox that wait: who calls the company sees that nothing was mailed."""
    family = Company.objects.of_family([row.company_id])
    here = Contact.objects.filter(company__in=family)
    known = here.known_to(row.school_id).filter(address=address).values("pk")
    people = here.filter(Q(email__iexact=address) | Q(pk__in=known)).values("pk")
    rows = Invitation.objects.filter(school_id=row.school_id, contact__in=people)
    waiting = rows.filter(state=InvitationState.QUEUED).with_delivery().filter(shown="queued")
    for letter in waiting.order_by("pk"):
        mail.withdraw(f"invitation:{letter.pk}:{letter.resent}")
        workflow.apply(letter, INVITATION["leave_unsent"], actor=job_at(letter.school))


@transaction.atomic
def allow_letters(row, *, actor) -> None:
    """The same mailbox gets letters of this school again; see `stop_letters`."""
    require(policies.may_stop_letters, actor, row)
    with as_school_of(row):
        for stop in stops_of(row, actor.email):
            audit.record(actor, "letters_allowed", stop)
            stop.delete()


def stops_of(row, address: str):
    """What this mailbox stopped, at any member of the company's family; in the school's scope."""
    return LetterStop.objects.filter(
        company__in=Company.objects.of_family([row.company_id]),
        school_id=row.school_id,
        address=address.strip().lower(),
    )


def stopped_by(rows) -> set[tuple[int, str]]:
    """The same of many rows of one school: each company of these with each mailbox that stopped."""
    companies = {row.company_id: row.school_id for row in rows}
    families = Company.objects.families(companies)
    stops = LetterStop.objects.filter(company__in=families, school_id__in=set(companies.values()))
    stopped = set(stops.order_by("pk").values_list("company__family_id", "address"))
    return {
        (pk, address)
        for pk in companies
        for family, address in stopped
        if families.get(pk) == family
    }
