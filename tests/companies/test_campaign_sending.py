"""Campaigns while they leave: paused, resumed, later, refused, reminded."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.core import mail as django_mail
from django.utils import timezone

from companies import tasks
from companies.models import Campaign, Contact, Invitation, Trust
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from tests.companies.conftest import address_of as url
from tests.companies.conftest import draft_of, invitation_of, mails, sent_campaign, state_of


def test_pausing_stops_what_has_not_left_and_resuming_sends_the_rest_once(world, coordinator):
    campaign = sent_campaign(world, world.berk)
    delivery.deliver(limit=1)
    coordinator.post(url(campaign, "pauzeren/"))
    delivery.deliver()
    assert len(django_mail.outbox) == 1
    coordinator.post(url(campaign, "hervatten/"))
    delivery.deliver()
    assert len(django_mail.outbox) == 2
    assert len({m.to[0] for m in django_mail.outbox}) == 2


def test_a_mail_that_was_already_claimed_looks_at_the_pause(world):
    campaign = sent_campaign(world, world.berk)
    with use(SYSTEM):
        Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    delivery.deliver()
    assert django_mail.outbox == []
    assert mails(event="invitation", state="cancelled") == 2


def test_who_answered_during_the_pause_gets_no_mail_after_it(world, coordinator):
    campaign = sent_campaign(world, world.berk)
    coordinator.post(url(campaign, "pauzeren/"))
    with use(SYSTEM):
        Invitation.objects.filter(campaign=campaign, company=world.noord.companies[0]).update(
            state="no"
        )
    coordinator.post(url(campaign, "hervatten/"))
    delivery.deliver()
    assert [m.to[0] for m in django_mail.outbox] == ["contact@garage-noord.test"]


def test_a_refused_mail_is_shown_as_not_arrived_can_be_mended_and_sent_again(
    world, coordinator, refusing
):
    address = "contact@garage-noord.test"
    refusing[address] = SMTPRecipientsRefused({address: (550, b"no such user")})
    campaign = sent_campaign(world, world.berk)
    delivery.deliver()
    page = coordinator.get(url(campaign, "?show=bounced"))
    assert [r.company.name for r in page.context["page_obj"]] == ["Garage Noord"]
    assert "Niet aangekomen" in page.content.decode()
    tasks.note_deliveries()
    row = invitation_of(campaign, world.noord.companies[1])
    assert row.state == "bounced"
    assert invitation_of(campaign, world.noord.companies[0]).state == "sent"
    assert state_of(campaign) == "sent"
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        titles = [t.title for t in todo.for_actor(actor)]
    assert "Verbeter e-mailadressen: uitnodiging niet aangekomen" in titles
    contact = world.noord.contacts[1]
    page = f"/bedrijven/{world.noord.companies[1].public_id}/contactpersonen/{contact.public_id}/"
    data = {"name": contact.name, "email": "goed@garage-noord.test", "roles": ["contact"]}
    assert coordinator.post(page, data).status_code == 302
    coordinator.post(f"/bedrijven/uitnodigingen/{row.public_id}/opnieuw/")
    delivery.deliver()
    assert [m.to[0] for m in django_mail.outbox][-1] == "goed@garage-noord.test"
    tasks.note_deliveries()
    assert invitation_of(campaign, world.noord.companies[1]).state == "sent"


def test_a_broken_line_is_uncertain_and_never_sent_again_by_itself(world, coordinator, refusing):
    refusing["contact@garage-noord.test"] = SMTPServerDisconnected("gone")
    campaign = sent_campaign(world, world.berk)
    delivery.deliver()
    refusing.clear()
    delivery.deliver()
    tasks.note_deliveries()
    assert len(django_mail.outbox) == 1
    page = coordinator.get(url(campaign, "?show=uncertain"))
    assert [r.company.name for r in page.context["page_obj"]] == ["Garage Noord"]
    row = invitation_of(campaign, world.noord.companies[1])
    coordinator.post(f"/bedrijven/uitnodigingen/{row.public_id}/opnieuw/")
    delivery.deliver()
    assert len(django_mail.outbox) == 2


def test_a_letter_to_nobody_cannot_be_sent_again_and_has_no_button(world, coordinator):
    campaign = sent_campaign(world, world.berk)
    delivery.deliver()
    tasks.note_deliveries()
    rows = {n: invitation_of(campaign, world.noord.companies[n]) for n in (0, 1)}
    again = {n: f"/bedrijven/uitnodigingen/{row.public_id}/opnieuw/" for n, row in rows.items()}
    with use(SYSTEM):
        Contact.objects.filter(company=world.noord.companies[1]).update(email="")
        Trust.objects.filter(company=world.noord.companies[1]).delete()
    page = coordinator.get(url(campaign)).content.decode()
    assert [address in page for address in again.values()] == [True, False]
    response = coordinator.post(again[1], follow=True)
    assert "Dit bedrijf heeft geen e-mailadres." in response.content.decode()


def test_what_still_waits_is_not_sent_twice_by_resending(world, coordinator):
    campaign = sent_campaign(world, world.berk)
    row = invitation_of(campaign, world.noord.companies[0])
    coordinator.post(f"/bedrijven/uitnodigingen/{row.public_id}/opnieuw/")
    delivery.deliver()
    assert len(django_mail.outbox) == 2


def test_progress_counts_mails_that_left(world, coordinator):
    campaign = sent_campaign(world, world.berk)
    bar = coordinator.get(url(campaign, "voortgang/")).json()
    assert (bar["value"], bar["max"], bar["done"]) == (0, 2, False)
    delivery.deliver(limit=1)
    assert coordinator.get(url(campaign, "voortgang/")).json()["value"] == 1
    delivery.deliver()
    assert coordinator.get(url(campaign, "voortgang/")).json()["done"] is True


def test_later_waits_for_its_moment_and_can_be_taken_back(world, coordinator):
    campaign = draft_of(world.berk)
    tomorrow = timezone.localdate() + timedelta(days=1)
    plan = {"when": "later", "day": tomorrow.isoformat(), "time": "08:00"}
    coordinator.post(url(campaign, "versturen/"), plan)
    tasks.send_scheduled()
    assert (state_of(campaign), mails(event="invitation")) == ("scheduled", 0)
    coordinator.post(url(campaign, "pauzeren/"))
    assert state_of(campaign) == "draft"
    coordinator.post(url(campaign, "versturen/"), plan)
    with use(SYSTEM):
        Campaign.objects.filter(pk=campaign.pk).update(send_at=timezone.now())
    tasks.send_scheduled()
    tasks.send_scheduled()
    assert (state_of(campaign), mails(event="invitation")) == ("sending", 2)


def test_a_moment_that_is_past_is_refused(world, coordinator):
    campaign = draft_of(world.berk)
    plan = {"when": "later", "day": "2020-01-06", "time": "08:00"}
    assert coordinator.post(url(campaign, "versturen/"), plan).status_code == 422
    assert state_of(campaign) == "draft"


def test_one_reminder_after_so_many_days_and_none_after_an_answer(world):
    campaign = sent_campaign(world, world.berk, reminder_days=[7])
    delivery.deliver()
    tasks.note_deliveries()
    tasks.send_reminders()
    assert mails(event="invitation_reminder") == 0
    with use(SYSTEM):
        rows = Invitation.objects.filter(campaign=campaign)
        rows.update(sent_at=timezone.now() - timedelta(days=8))
        rows.filter(company=world.noord.companies[0]).update(state="yes")
    tasks.send_reminders()
    tasks.send_reminders()
    assert mails(event="invitation_reminder") == 1
    django_mail.outbox.clear()
    delivery.deliver()
    assert [m.to[0] for m in django_mail.outbox] == ["contact@garage-noord.test"]
    assert django_mail.outbox[0].subject.startswith("Herinnering:")


def test_an_answer_just_before_the_reminder_leaves_stops_it(world):
    campaign = sent_campaign(world, world.berk)
    delivery.deliver()
    tasks.note_deliveries()
    with use(SYSTEM):
        rows = Invitation.objects.filter(campaign=campaign)
        rows.update(sent_at=timezone.now() - timedelta(days=8))
    tasks.send_reminders()
    with use(SYSTEM):
        Invitation.objects.filter(campaign=campaign).update(state="no")
    django_mail.outbox.clear()
    delivery.deliver()
    assert django_mail.outbox == []


def test_a_worker_that_died_loses_and_doubles_nothing(world):
    sent_campaign(world, world.berk)
    with use(SYSTEM):
        first = OutboxMail.objects.filter(event="invitation").first()
        OutboxMail.objects.filter(pk=first.pk).update(
            state="claimed", changed_at=timezone.now() - timedelta(minutes=6)
        )
    delivery.deliver()
    delivery.sweep()
    delivery.deliver()
    assert len({m.to[0] for m in django_mail.outbox}) == len(django_mail.outbox) == 2


def test_the_page_that_sends_says_when_reminders_go_and_asks_a_moment_only_for_later(
    world, coordinator
):
    letter = draft_of(world.berk, reminder_days=[7, 14])
    page = " ".join(coordinator.get(url(letter, "versturen/")).content.decode().split())
    assert "krijgt een herinnering na 7 en 14 dagen." in page
    moment = page.partition('class="revealed')[2].partition("Wie niet antwoordt")[0]
    assert 'name="day"' in moment
    assert 'name="time"' in moment
    sent = coordinator.post(url(letter, "versturen/"), {"when": "later"})
    assert sent.status_code == 422
    assert "Kies een dag en een tijd." in sent.content.decode()
