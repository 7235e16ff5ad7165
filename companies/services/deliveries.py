"""What jobs do for campaigns: take over from the outbox what became of mails, and remind."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone

from companies.enums import CampaignState, InvitationState, Standing
from companies.models import Campaign, Invitation, LetterStop
from companies.services.campaigns import mails_of, remind
from companies.workflow import CAMPAIGN, INVITATION
from stage.core.dutch.calendar import school_today
from stage.core.enums import MailState
from stage.core.record import workflow
from stage.core.who.policies import Conflict

LEAVING = (MailState.QUEUED, MailState.CLAIMED, MailState.HANDOVER)


@transaction.atomic
def note_deliveries(*, actor, limit: int = 500) -> int:
    """Move invitations on whose mail was sent or refused; returns how many."""
    waiting = Invitation.objects.visible_to(actor).filter(state=InvitationState.QUEUED)
    return _move_on(waiting, actor, limit)


def _move_on(waiting, actor, limit: int) -> int:
    rows = list(waiting.with_delivery().filter(shown__in=["sent", "bounced"])[:limit])
    left = [row for row in rows if row.shown == "sent"]
    for row in left:
        row.sent_at = row.mail_at
    # Answered, or resent, in the meantime: that is newer, and stays.
    workflow.apply_all(left, INVITATION["arrive"], actor=actor, changed=("sent_at",))
    refused = [row for row in rows if row.shown != "sent"]
    workflow.apply_all(refused, INVITATION["bounce"], actor=actor)
    return len(rows)


@transaction.atomic
def note_mails(invitation_ids: list[int], *, actor) -> None:
    """Take over at once what became of the mails of invitations, and of their campaigns."""
    rows = Invitation.objects.visible_to(actor).filter(pk__in=invitation_ids)
    _move_on(rows.filter(state=InvitationState.QUEUED), actor, len(invitation_ids))
    campaigns = Campaign.objects.visible_to(actor).filter(pk__in=rows.order_by().values("campaign"))
    _finish(campaigns, actor)


def _try(row, transition, actor, **changes) -> None:
    try:
        with transaction.atomic():
            workflow.apply(row, transition, actor=actor, **changes)
    except Conflict:
        # Answered, or resent, in the meantime: that is newer.
        return


@transaction.atomic
def finish_sent(*, actor) -> None:
    """Campaigns of which every mail has left are sent."""
    _finish(Campaign.objects.visible_to(actor), actor)


def _finish(campaigns, actor) -> None:
    for campaign in campaigns.filter(state=CampaignState.SENDING):
        if not mails_of(campaign).filter(state__in=LEAVING).exists():
            _try(campaign, CAMPAIGN["finish"], actor)


def reminding():
    """Campaigns that went out and remind, for a period that is still to come."""
    sent = Campaign.objects.filter(state=CampaignState.SENT, period__starts__gt=school_today())
    return sent.exclude(reminder_days=[])


@transaction.atomic
def send_reminders(*, actor) -> int:
    """Remind who got the letter so many days ago and is silent; returns how many.

    One at a time: where several days have passed since the last look, one reminder stands for them.
    Not who was written to again since about the same question, nor whom nobody may ask any more.
    """
    now = timezone.now()
    due: list[Invitation] = []
    for campaign in reminding().visible_to(actor):
        rows = _silent(campaign).select_for_update(of=("self",), skip_locked=True)
        for row in rows:
            passed = [n for n in campaign.reminder_days if row.sent_at + timedelta(days=n) <= now]
            if len(passed) > row.reminders:
                row.reminders, row.reminded_at = len(passed), now
                due.append(row)
    Invitation.objects.bulk_update(due, ["reminders", "reminded_at"])
    remind(due)
    return len(due)


def _silent(campaign: Campaign):
    newer = Invitation.objects.mailed().filter(
        Q(question=OuterRef("question")) | Q(question=OuterRef("pk")), pk__gt=OuterRef("pk")
    )
    stopped = LetterStop.objects.filter(
        school_id=OuterRef("school_id"),
        company__family_id=OuterRef("company__family_id"),
        address=Lower(OuterRef("contact__email")),
    )
    rows = Invitation.objects.unanswered().filter(
        ~Exists(newer),
        ~Exists(stopped),
        campaign=campaign,
        state=InvitationState.SENT,
        sent_at__isnull=False,
        reminders__lt=len(campaign.reminder_days),
        company__standing=Standing.OPEN,
    )
    return rows.order_by("pk")
