"""How campaigns and invitations move."""

from companies.enums import CampaignState as C
from companies.enums import InvitationState as I
from companies.policies import may_answer, may_campaign, may_pass_on
from stage.core.record.workflow import Transition, Workflow

CAMPAIGN = Workflow(
    [
        Transition("schedule", (C.DRAFT,), C.SCHEDULED, may_campaign, "campaign_scheduled"),
        Transition("unschedule", (C.SCHEDULED,), C.DRAFT, may_campaign, "campaign_unscheduled"),
        Transition("send", (C.DRAFT, C.SCHEDULED), C.SENDING, may_campaign, "campaign_sent"),
        Transition("pause", (C.SENDING,), C.PAUSED, may_campaign, "campaign_paused"),
        Transition("resume", (C.PAUSED,), C.SENDING, may_campaign, "campaign_resumed"),
        Transition("finish", (C.SENDING,), C.SENT, may_campaign, "campaign_finished"),
    ]
)

# A company may change its mind, so an answer starts from every state.
_ANYTIME = (I.QUEUED, I.SENT, I.BOUNCED, I.NO_ADDRESS, I.YES, I.NO, I.LATER)

INVITATION = Workflow(
    [
        Transition("arrive", (I.QUEUED,), I.SENT, may_campaign, "invitation_sent"),
        Transition("bounce", (I.QUEUED, I.SENT), I.BOUNCED, may_campaign, "invitation_bounced"),
        Transition(
            "resend",
            (I.SENT, I.BOUNCED, I.NO_ADDRESS),
            I.QUEUED,
            may_campaign,
            "invitation_resent",
        ),
        # It is a colleague's, says its reader.
        Transition(
            "pass_on",
            (I.QUEUED, I.SENT, I.BOUNCED, I.NO_ADDRESS),
            I.QUEUED,
            may_pass_on,
            "invitation_passed_on",
        ),
        # Its reader wants no letters; the company can be called.
        Transition("leave_unsent", (I.QUEUED,), I.NO_ADDRESS, may_campaign, "invitation_unsent"),
        # The company was asked about this period before; a person asks it all the same.
        Transition("ask_anyway", (I.HELD,), I.QUEUED, may_campaign, "invitation_asked_anyway"),
        Transition("accept", _ANYTIME, I.YES, may_answer, "invitation_accepted"),
        Transition("decline", _ANYTIME, I.NO, may_answer, "invitation_declined"),
        Transition("postpone", _ANYTIME, I.LATER, may_answer, "invitation_postponed"),
    ]
)
