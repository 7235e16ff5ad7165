"""Jobs of campaigns; each works for one school at a time, in that school's scope."""

from __future__ import annotations

from django.utils import timezone

from companies import services
from companies.enums import CampaignState, InvitationState
from companies.models import Campaign, Invitation
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict
from stage.core.work.jobs import each_school, every


@every(600)
def note_deliveries() -> None:
    """A net: take over what became of mails whose news did not reach `companies.receivers`."""
    waiting = Invitation.objects.filter(state=InvitationState.QUEUED)
    sending = Campaign.objects.filter(state=CampaignState.SENDING)
    for school in each_school(waiting, sending):
        services.note_deliveries(actor=job_at(school))
        services.finish_sent(actor=job_at(school))


@every(60)
def send_scheduled() -> None:
    """Send the campaigns whose time has come."""
    due = Campaign.objects.filter(state=CampaignState.SCHEDULED, send_at__lte=timezone.now())
    for school in each_school(due):
        actor = job_at(school)
        for campaign in due.visible_to(actor).select_related("school", "group"):
            try:
                services.send_campaign(campaign, actor=actor)
            except Conflict:
                services.unschedule_campaign(campaign, actor=actor)


@every(30)
def tell_changes() -> None:
    """Tell whom it concerns what others changed at a shared company."""
    services.tell_changes()


@every(60)
def forget_who_asked() -> None:
    """Erase who left and asked for it, once no student needs that person any more."""
    services.forget_who_asked()


@every(3600)
def end_unproven() -> None:
    """An address that nobody proved to read for a year is asked again."""
    services.end_unproven()


@every(3600)
def send_reminders() -> None:
    """Remind silent companies once."""
    for school in each_school(services.reminding()):
        services.send_reminders(actor=job_at(school))


@every(3600)
def mail_follow_ups() -> None:
    """Tell who wanted to call or visit a company today."""
    services.mail_due()
