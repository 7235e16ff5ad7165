"""Asking the companies of a group by letter: each once, and whoever joins the group later."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import asking, policies
from companies.asking import Candidate
from companies.enums import CampaignState, ContactRole, InvitationState, NamedVia
from companies.models import Campaign, Company, Contact, Invitation
from companies.services.campaigns import post_of
from companies.workflow import CAMPAIGN, INVITATION
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.record import audit, workflow
from stage.core.who.policies import Conflict, require

OUT = (CampaignState.SENDING, CampaignState.SENT)


@transaction.atomic
def schedule_campaign(
    campaign: Campaign, *, at: datetime, ticked: Collection[int] | None = None, actor
) -> None:
    """Send later, to whom was ticked as far as that holds then; a job does it."""
    workflow.apply(
        campaign, CAMPAIGN["schedule"], actor=actor, send_at=at, **_choice(campaign, ticked)
    )


@transaction.atomic
def send_campaign(campaign: Campaign, *, ticked: Collection[int] | None = None, actor) -> int:
    """Ask the companies of the group that are to be asked; returns how many get a mail.

    `ticked`: the numbers (`Candidate.number`) a person chose on the page; None: as chosen before,
    else the usual ones. Each company gets one invitation and one mail, however often this is tried:
    letters of one school go one at a time, the state moves once, and both the invitation and the
    outbox' key are unique. A company that was asked about this period already gets no mail: its
    row points at that question. Raises Conflict when there is nobody to mail.
    """
    hold_questions(campaign.school_id)
    workflow.apply(campaign, CAMPAIGN["send"], actor=actor, **_choice(campaign, ticked))
    found = asking.candidates_of(campaign)
    if not found:
        raise Conflict(_("Kies eerst bedrijven voor deze groep."))
    many = _ask(campaign, found)
    if not many:
        raise Conflict(_nobody(found))
    return many


@transaction.atomic
def ask_more(campaign: Campaign, *, numbers: Collection[int], actor) -> int:
    """Let companies join a letter that is out: who came into the group later, or was left out.

    Returns how many get a mail. Who was asked meanwhile, or is barred, is passed over. Raises
    Conflict when the letter is not out or its period is over.
    """
    require(policies.may_campaign, actor, campaign)
    hold_questions(campaign.school_id)
    fresh = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if fresh.state not in OUT:
        raise Conflict(_("Deze brief is nog niet verstuurd."))
    if fresh.period.ends < school_today():
        raise Conflict(_("Deze periode is voorbij."))
    found = [one for one in asking.candidates_of(fresh) if one.number in numbers]
    fresh.asked_too, fresh.chosen_at = [one.number for one in found], None
    audit.record(actor, "campaign_joined", fresh)
    return _ask(fresh, found)


@transaction.atomic
def ask_anyway(invitation: Invitation, *, actor) -> None:
    """Mail a company that this letter passed over, since it was asked before.

    Raises Conflict when it may not be asked, has no address, or was mailed already.
    """
    require(policies.may_campaign, actor, invitation)
    hold_questions(invitation.school_id)
    company = Company.objects.get(pk=invitation.company_id).stays
    [one] = asking.candidates(invitation.school_id, [company], invitation.period)
    if one.barred:
        raise Conflict(_("%(name)s: %(why)s.") % {"name": company.name, "why": one.why})
    contact = contact_for(one)
    if contact is None:
        raise Conflict(_("Dit bedrijf heeft geen e-mailadres. Vul er eerst een in."))
    workflow.apply(
        invitation,
        INVITATION["ask_anyway"],
        actor=actor,
        company_id=contact.company_id,
        contact=contact,
        created_at=timezone.now(),
    )
    mail.queue_many([post_of(invitation)])


@transaction.atomic
def let_be(invitation: Invitation, *, actor) -> None:
    """The day a company named has come, and a person does not ask it again now."""
    require(policies.may_campaign, actor, invitation)
    Invitation.objects.filter(pk=invitation.pk).update(let_be_at=timezone.now())
    audit.record(actor, "invitation_let_be", invitation, fields=("let_be_at",))


def hold_questions(school_id: int) -> None:
    """Until the transaction ends, nobody else of the school asks companies anything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"questions:{school_id}"]
        )


def contact_for(one: Candidate) -> Contact | None:
    """Whom to write to; a general address only gets a contact, since a link is a person's."""
    if one.contact is not None or not one.company.email:
        return one.contact
    contact = _general(one.company)
    contact.save()
    return contact


def _choice(campaign: Campaign, ticked: Collection[int] | None) -> dict:
    if ticked is None:
        return {}
    return asking.choice(asking.candidates_of(campaign), ticked)


def _nobody(found: Iterable[Candidate]) -> str:
    if all(one.by_phone for one in found):
        return _("Geen enkel bedrijf in deze groep heeft een e-mailadres.")
    return _("Er is niemand om te vragen: elk bedrijf is net gevraagd of gaf al antwoord.")


def _ask(campaign: Campaign, found: list[Candidate]) -> int:
    """Rows for whom is asked and for whom was asked about this period before; mails for the first.

    Returns how many mails.
    """
    asked = [one for one in found if asking.goes(campaign, one)]
    contacts = _contacts(asked)
    rows = [_row(campaign, one, contacts.get(one.number)) for one in asked]
    held = [one for one in found if one.question and not asking.goes(campaign, one)]
    rows += [_row(campaign, one, None, state=InvitationState.HELD) for one in held]
    Invitation.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    made = Invitation.objects.filter(campaign=campaign, state=InvitationState.QUEUED)
    mailed = made.filter(company__family_id__in=[one.number for one in asked])
    posts = [post_of(row) for row in mailed.order_by("pk")]
    mail.queue_many(posts)
    return len(posts)


def _row(campaign: Campaign, one: Candidate, contact: Contact | None, *, state: str = ""):
    usual = InvitationState.QUEUED if contact else InvitationState.NO_ADDRESS
    # Who is written to has a line at one member of the company's family.
    company_id = contact.company_id if contact else one.company.pk
    return Invitation(
        school_id=campaign.school_id,
        region_id=one.company.region_id,
        campaign=campaign,
        period_id=campaign.period_id,
        company_id=company_id,
        contact=contact,
        question=one.question,
        state=state or usual,
    )


def _contacts(asked: list[Candidate]) -> dict[int, Contact]:
    made = {
        one.number: _general(one.company)
        for one in asked
        if one.contact is None and one.company.email
    }
    Contact.objects.bulk_create(made.values(), batch_size=500)
    return {one.number: one.contact for one in asked if one.contact} | made


def _general(company: Company) -> Contact:
    return Contact(
        region_id=company.region_id,
        company=company,
        name=company.name,
        email=company.email,
        telephone=company.telephone,
        roles=[ContactRole.CONTACT],
        named_via=NamedVia.GENERAL,
    )
