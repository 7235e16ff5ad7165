"""Campaigns: written, sent, paused, resumed. The outbox carries the mails."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import CampaignState, InvitationState, Shown
from companies.models import Campaign, Company, Contact, Invitation
from companies.queries import mail_contacts
from companies.services.attachments import keep_attachment, let_go
from companies.services.contacts import line_at
from companies.workflow import CAMPAIGN, INVITATION
from stage.core import mail
from stage.core.enums import MailState, PersonKind
from stage.core.models import OutboxMail
from stage.core.record import audit, workflow
from stage.core.who.policies import Conflict, require

EVENTS = ("invitation", "invitation_reminder")
RESENDABLE = (Shown.SENT, Shown.BOUNCED, Shown.UNCERTAIN, Shown.NO_ADDRESS)


@transaction.atomic
def add_campaign(campaign: Campaign, *, upload=None, actor) -> Campaign:
    """Keep a new draft, with a file if one was sent along. Raises `media.FileRefused`."""
    require(policies.may_campaign, actor, campaign)
    if upload is not None:
        campaign.attachment = keep_attachment(campaign, upload, actor=actor)
    campaign.save()
    audit.record(actor, "campaign_added", campaign)
    return campaign


@transaction.atomic
def change_campaign(
    campaign: Campaign, *, actor, upload=None, drop_attachment: bool = False, **values
) -> None:
    """Change a draft; `upload` comes instead of the file that goes along.

    Raises Conflict when it was sent or planned meanwhile, and `media.FileRefused`.
    """
    require(policies.may_campaign, actor, campaign)
    rows = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT)
    held = rows.select_for_update(of=("self",)).select_related("attachment").first()
    if held is None:
        raise Conflict(_("Deze brief is geen concept meer. Wijzigen kan niet."))
    if upload is not None:
        values["attachment"] = keep_attachment(campaign, upload, actor=actor)
    elif drop_attachment:
        values["attachment"] = None
    rows.update(**values)
    if "attachment" in values:
        let_go(held.attachment, actor=actor)
    audit.record(actor, "campaign_changed", campaign, fields=values)


@transaction.atomic
def unschedule_campaign(campaign: Campaign, *, actor) -> None:
    """Take a planned campaign back: it is a draft again."""
    workflow.apply(campaign, CAMPAIGN["unschedule"], actor=actor, send_at=None)


def companies_of(campaign: Campaign):
    """The companies that are asked: of the group, and not merged away."""
    chosen = campaign.group.companies.values("company__family_id")
    return Company.objects.present().filter(pk__in=chosen)


def post_of(invitation: Invitation, event: str = "invitation", key: str = "") -> mail.Post:
    """The mail of an invitation, for the outbox."""
    assert invitation.contact_id is not None  # only who can be written to is invited
    return mail.Post(
        event,
        person_kind=PersonKind.CONTACT,
        person_id=invitation.contact_id,
        key=key or f"invitation:{invitation.pk}:{invitation.resent}",
        region_id=invitation.region_id,
        school_id=invitation.school_id,
        about=invitation,
    )


def remind(invitations: list[Invitation]) -> None:
    """Queue the next reminder of each; `reminders` counts it already."""
    mail.queue_many(
        post_of(i, "invitation_reminder", f"reminder:{i.pk}:{i.reminders}") for i in invitations
    )


def mails_of(campaign: Campaign):
    """All mails of a campaign in the outbox."""
    return _mails_about(Invitation.objects.filter(campaign=campaign))


def _mails_about(invitations):
    """The letters and reminders of invitations (a queryset) in the outbox."""
    rows = OutboxMail.objects.about(Invitation).filter(event__in=EVENTS)
    return rows.filter(about_id__in=invitations.order_by().values("pk"))


@transaction.atomic
def pause_campaign(campaign: Campaign, *, actor) -> None:
    """Stop what has not left yet. A mail that is just being written looks again and stops too."""
    workflow.apply(campaign, CAMPAIGN["pause"], actor=actor)
    mails_of(campaign).filter(state=MailState.QUEUED).update(state=MailState.CANCELLED)


@transaction.atomic
def resume_campaign(campaign: Campaign, *, actor) -> None:
    """Go on where the pause stopped it; who answered meanwhile gets no mail any more."""
    workflow.apply(campaign, CAMPAIGN["resume"], actor=actor)
    waiting = Invitation.objects.filter(campaign=campaign).unanswered()
    _mails_about(waiting).filter(state=MailState.CANCELLED).update(
        state=MailState.QUEUED, attempts=0, not_before=timezone.now()
    )
    transaction.on_commit(mail.wake_outbox)


def resendable(campaign: Campaign, rows: Iterable[Invitation], *, actor) -> set[int]:
    """Those of a campaign's invitations (`with_delivery`) that `resend_invitation` would send.

    They left or failed, were not answered, and the company has an address to write to.
    """
    if not policies.may_campaign(actor, campaign):
        return set()
    gone = [row for row in rows if row.shown in RESENDABLE]
    known = mail_contacts(campaign.school_id, {row.company_id for row in gone})
    return {row.pk for row in gone if row.company_id in known}


@transaction.atomic
def resend_invitation(invitation: Invitation, *, actor, contact: Contact | None = None) -> None:
    """Send once more, because a person decided so; to another contact when one is given.

    Raises Conflict when it was answered, still waits, or the company has no address.
    """
    require(policies.may_campaign, actor, invitation)
    if invitation.state == InvitationState.QUEUED:
        _settle(invitation, actor=actor)
    found = mail_contacts(invitation.school_id, [invitation.company_id])
    target = contact or found.get(invitation.company_id)
    if target is None:
        raise Conflict(_("Dit bedrijf heeft geen e-mailadres. Vul er eerst een in."))
    target = line_at(target, invitation.company_id, actor=actor)
    workflow.apply(
        invitation,
        INVITATION["resend"],
        actor=actor,
        contact=target,
        resent=invitation.resent + 1,
    )
    mail.queue_many([post_of(invitation)])


def _settle(invitation: Invitation, *, actor) -> None:
    """Take over from the outbox how the newest mail fared, before the job does."""
    rows = Invitation.objects.filter(pk=invitation.pk).with_delivery()
    state = rows.values_list("mail_state", flat=True).first()
    if state in (MailState.SENT, MailState.UNCERTAIN):
        workflow.apply(invitation, INVITATION["arrive"], actor=actor)
    elif state == MailState.REFUSED:
        workflow.apply(invitation, INVITATION["bounce"], actor=actor)


@transaction.atomic
def send_test(campaign: Campaign, *, company: Company, actor) -> None:
    """Mail the letter to the coordinator, as one company would get it."""
    require(policies.may_campaign, actor, campaign)
    mail.queue(
        "campaign_test",
        person_kind=PersonKind.MEMBERSHIP,
        person_id=actor.membership,
        key=f"campaign_test:{campaign.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
        region_id=campaign.school.region_id,
        school_id=campaign.school_id,
        about=campaign,
        details={"company": company.pk},
        urgent=True,
    )
