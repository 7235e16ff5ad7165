"""Letters of a campaign are written many at once, and each is what it would be by itself."""

import re
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from companies.models import Invitation, LetterStop
from companies.workflow import INVITATION
from stage.core.enums import MailState
from stage.core.mail import delivery, outcomes
from stage.core.mail.writing import parcel_of, parcels_of
from stage.core.models import Link, OutboxMail
from stage.core.record import workflow
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use
from stage.core.who.policies import NotAllowed
from tests.companies.conftest import sent_campaign
from tests.drills.cast import campaign_to
from tests.messages import messages


def waiting() -> list[OutboxMail]:
    with use(SYSTEM):
        return list(OutboxMail.objects.filter(event="invitation").order_by("pk"))


def send(world, count: int, domain: str) -> None:
    """A campaign to so many companies, due now."""
    from companies.services import send_campaign

    campaign = campaign_to(world, count, domain=domain)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        send_campaign(campaign, actor=actor)
    with use(SYSTEM):
        OutboxMail.objects.update(not_before=timezone.now())


def test_a_letter_written_with_others_reads_as_one_written_alone(world):
    sent_campaign(world, world.berk)
    rows = waiting()
    together = parcels_of(rows)
    assert set(together) == {row.pk for row in rows}
    for row in rows:
        one, other = together[row.pk], parcel_of([row])
        assert one.address == other.address
        assert one.message.to == other.message.to
        assert one.message.subject == other.message.subject
        assert one.message.body == other.message.body
        assert one.message.alternatives == other.message.alternatives
        assert one.message.extra_headers["List-Unsubscribe"] in str(other.message.extra_headers)
        assert one.message_id != other.message_id
    with use(NOBODY):
        assert Link.objects.filter(purpose="invitation").count() == len(rows)


def test_who_said_stop_or_answered_gets_none_among_others_either(world):
    campaign = sent_campaign(world, world.berk)
    stopped, answered = waiting()
    with use(SYSTEM):
        row = Invitation.objects.select_related("contact").get(pk=stopped.about_id)
        LetterStop.objects.create(
            school=world.berk.school,
            company_id=row.company_id,
            address=row.contact.email.lower(),
        )
        Invitation.objects.filter(pk=answered.about_id).update(
            state="no", answered_at=timezone.now()
        )
    parcels = parcels_of([stopped, answered])
    assert [p.message for p in parcels.values()] == [None, None]
    delivery.deliver()
    assert django_mail.outbox == []
    assert {mail.state for mail in waiting()} == {MailState.CANCELLED}
    assert campaign.pk


def test_one_that_cannot_be_written_leaves_the_others_to_be_written_alone(world, monkeypatch):
    from stage.core.mail import letters

    sent_campaign(world, world.berk)
    first, second = waiting()
    write = letters.HANDLERS["invitation"]

    def handler(row):
        if row.pk == first.pk:
            Invitation.objects.get(pk=-1)
        return write(row)

    monkeypatch.setitem(letters.HANDLERS, "invitation", handler)
    assert parcels_of([first, second]) == {}
    delivery.deliver()
    assert {mail.pk: mail.state for mail in waiting()} == {
        first.pk: MailState.REFUSED,
        second.pk: MailState.SENT,
    }


def test_a_letter_among_fifty_costs_one_statement(committed_world):
    """Handed over, with the note that the one before it left; all else is for all together."""
    found = {}
    for count in (10, 40):
        send(committed_world, count, f"x{count}.test")
        with messages() as sent:
            assert delivery.deliver() == count
        found[count] = len(sent)
        assert sum(bool(re.search("'handover'", text)) for text in sent) >= count
    assert found[40] - found[10] == 30
    assert len(django_mail.outbox) == 50
    assert {mail.state for mail in waiting()} == {MailState.SENT}


def test_after_a_mailbox_that_does_not_exist_the_rest_is_written_anew(world, refusing):
    """Two letters to one person claimed together: the first one's answer counts for the second."""
    sent_campaign(world, world.berk)
    rows = waiting()
    address = parcel_of([rows[0]]).message.to[0]
    refusing[address] = SMTPRecipientsRefused({address: (550, b"5.1.1 no such user")})
    written = []
    from stage.core.mail import writing

    real = writing.parcel_of

    def parcel(mails):
        written.append(mails[0].pk)
        return real(mails)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "parcel_of", parcel)
        claimed = delivery._claim(2)
        claimed.sort(key=lambda mail: mail.pk != rows[0].pk)
        with delivery.closing(delivery.get_connection()) as smtp:
            delivery._deliver_all(claimed, smtp)
    assert written == [rows[1].pk]


def test_what_left_is_noted_also_when_the_batch_ends_in_an_error(world):
    sent_campaign(world, world.berk)
    [mail, _other] = delivery._claim(2)
    with pytest.raises(KeyboardInterrupt), outcomes.together():
        assert outcomes.begin_handover([mail], "<a@b>")
        outcomes.note_sent([mail], push_due=False)
        assert OutboxStates.of(mail) == MailState.HANDOVER
        raise KeyboardInterrupt
    assert OutboxStates.of(mail) == MailState.SENT


class OutboxStates:
    @staticmethod
    def of(mail) -> str:
        with use(SYSTEM):
            return OutboxMail.objects.get(pk=mail.pk).state


def test_many_rows_move_along_one_edge_and_what_moved_already_stays(world):
    campaign = sent_campaign(world, world.berk)
    actor = world.actor(world.berk.coordinator)
    at = timezone.now()
    with use(actor.scope):
        first, second = Invitation.objects.filter(campaign=campaign).order_by("pk")
        Invitation.objects.filter(pk=second.pk).update(state="yes")
        for row in (first, second):
            row.sent_at = at
        edge = INVITATION["arrive"]
        moved = workflow.apply_all([first, second], edge, actor=actor, changed=("sent_at",))
        assert [row.pk for row in moved] == [first.pk]
        rows = Invitation.objects.filter(campaign=campaign).order_by("pk")
        assert list(rows.values_list("state", "sent_at")) == [("sent", at), ("yes", None)]
        assert workflow.apply_all([], edge, actor=actor) == []
    stranger = world.actor(world.els.coordinator)
    with use(actor.scope), pytest.raises(NotAllowed):
        workflow.apply_all([second], INVITATION["bounce"], actor=stranger)
