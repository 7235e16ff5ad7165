"""What became of a letter is known at once; a net takes over what was not told."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.utils import timezone

from companies import receivers, services, tasks
from companies.models import Campaign, Invitation
from companies.services.campaigns import mails_of
from stage.core import mail
from stage.core.enums import MailState
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.signals import mail_state_changed
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from tests.companies.conftest import invitation_of, mails, sent_campaign, state_of

GARAGE = "contact@garage-noord.test"


@pytest.fixture
def heard():
    """The states of mails as they are told."""
    found = []

    def hear(sender, mails, **kwargs):
        found.extend((mail.event, mail.state) for mail in mails)

    mail_state_changed.connect(hear)
    yield found
    mail_state_changed.disconnect(hear)


def states(campaign) -> list[str]:
    with use(SYSTEM):
        rows = Invitation.objects.filter(campaign=campaign).order_by("company_id")
        return list(rows.values_list("state", flat=True))


def test_a_letter_that_left_moves_its_invitation_and_the_last_one_the_campaign(world):
    campaign = sent_campaign(world, world.berk)
    delivery.deliver(limit=1)
    assert (sorted(states(campaign)), state_of(campaign)) == (["queued", "sent"], "sending")
    delivery.deliver()
    assert (states(campaign), state_of(campaign)) == (["sent", "sent"], "sent")
    with use(SYSTEM):
        letters = mails_of(campaign).order_by("about_id").values_list("about_id", "changed_at")
        rows = Invitation.objects.filter(campaign=campaign).order_by("pk")
        assert list(rows.values_list("pk", "sent_at")) == list(letters)


def test_a_refused_letter_is_known_at_once(world, refusing):
    refusing[GARAGE] = SMTPRecipientsRefused({GARAGE: (550, b"no such user")})
    campaign = sent_campaign(world, world.berk)
    delivery.deliver()
    assert (states(campaign), state_of(campaign)) == (["sent", "bounced"], "sent")


def test_an_uncertain_letter_leaves_the_invitation_and_ends_the_sending(world, refusing, heard):
    refusing[GARAGE] = SMTPServerDisconnected("gone")
    campaign = sent_campaign(world, world.berk)
    delivery.deliver()
    assert (states(campaign), state_of(campaign)) == (["sent", "queued"], "sent")
    assert sorted(heard) == [("invitation", "sent"), ("invitation", "uncertain")]


def test_a_handover_that_was_left_is_told_as_uncertain(world, heard):
    campaign = sent_campaign(world, world.berk)
    with use(SYSTEM):
        mails_of(campaign).update(
            state=MailState.HANDOVER, changed_at=timezone.now() - timedelta(minutes=6)
        )
    assert delivery.sweep() == (0, 2)
    assert heard == [("invitation", "uncertain")] * 2
    assert (states(campaign), state_of(campaign)) == (["queued", "queued"], "sent")


def test_a_receiver_that_fails_keeps_no_mail_and_the_net_takes_over(world, monkeypatch):
    def fail(*args, **kwargs):
        Invitation.objects.get(pk=-1)

    monkeypatch.setattr(receivers, "note_mails", fail)
    campaign = sent_campaign(world, world.berk)
    assert delivery.deliver() == 2
    assert mails(event="invitation", state="sent") == 2
    assert (states(campaign), state_of(campaign)) == (["queued", "queued"], "sending")
    tasks.note_deliveries()
    assert (states(campaign), state_of(campaign)) == (["sent", "sent"], "sent")


def test_the_newest_letter_counts_after_sending_again(world):
    campaign = sent_campaign(world, world.berk)
    delivery.deliver()
    row = invitation_of(campaign, world.noord.companies[0])
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.resend_invitation(row, actor=actor)
        shown = Invitation.objects.with_delivery().get(pk=row.pk)
    assert (shown.state, shown.mail_state, shown.shown) == ("queued", "queued", "queued")
    tasks.note_deliveries()
    assert invitation_of(campaign, world.noord.companies[0]).state == "queued"
    delivery.deliver()
    assert invitation_of(campaign, world.noord.companies[0]).state == "sent"


def test_mails_of_one_campaign_only(world):
    berk, els = sent_campaign(world, world.berk), sent_campaign(world, world.els)
    with use(SYSTEM):
        mine = Invitation.objects.filter(campaign=berk)
        assert set(mails_of(berk).values_list("about_id")) == set(mine.values_list("pk"))
        assert mails_of(els).count() == mails_of(berk).count() == 2
        assert Campaign.objects.filter(pk__in=[berk.pk, els.pk], state="sending").count() == 2


def test_what_a_mail_is_about_is_kept_by_type_and_number_and_the_key_sends_once(world):
    school = world.berk.school
    for key in ("one", "one", "two"):
        with use(school_scope(school)):
            mail.queue(
                "placement_made",
                person_kind="student",
                person_id=world.berk.students[0].pk,
                key=key,
                region_id=school.region_id,
                school_id=school.pk,
                about=world.berk.placement,
            )
    with use(SYSTEM):
        found = OutboxMail.objects.about(type(world.berk.placement))
        assert sorted(found.values_list("key", "about_id", "details")) == [
            ("one", world.berk.placement.pk, {}),
            ("two", world.berk.placement.pk, {}),
        ]
        assert not OutboxMail.objects.about(Campaign).exists()
