"""Campaigns: written, sent exactly once, paused, resumed, followed."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from companies import letters, services, tasks
from companies.models import Campaign, Company, Contact, GroupCompany, Invitation
from stage.core import todo
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenancy import SYSTEM, use
from tests.companies.conftest import draft_of, invitation_of, sent_campaign

URL = "/bedrijven/campagnes/"


def url(campaign, tail="") -> str:
    return f"{URL}{campaign.public_id}/{tail}"


def mails(**filters) -> int:
    with use(SYSTEM):
        return OutboxMail.objects.filter(**filters).count()


def state_of(row) -> str:
    with use(SYSTEM):
        return type(row).objects.values_list("state", flat=True).get(pk=row.pk)


@pytest.fixture
def refusing(monkeypatch):
    """A mail server that says no to some addresses and hangs up on others."""
    from django.core.mail.backends.locmem import EmailBackend

    answers: dict[str, Exception] = {}
    send = EmailBackend.send_messages

    def guarded(self, messages):
        for message in messages:
            if message.to[0] in answers:
                raise answers[message.to[0]]
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", guarded)
    return answers


def test_a_draft_starts_with_a_good_letter_and_leads_to_its_preview(world, coordinator):
    page = coordinator.get(f"{URL}nieuw/?group={world.berk.group.public_id}")
    form = page.context["form"]
    assert form.initial["letter"] == letters.DEFAULT_LETTER
    assert letters.problems(letters.DEFAULT_LETTER) == []
    response = coordinator.post(
        f"{URL}nieuw/",
        {
            "group": world.berk.group.pk,
            "subject": letters.DEFAULT_SUBJECT,
            "letter": letters.DEFAULT_LETTER,
            "reminder_after_days": "7",
        },
    )
    with use(SYSTEM):
        campaign = Campaign.objects.exclude(pk=world.berk.campaign.pk).get(school=world.berk.school)
    assert response["Location"] == url(campaign, "bekijken/")
    assert campaign.period_id == world.berk.period.pk
    text = coordinator.get(response["Location"]).content.decode()
    assert "Beste Contact Bakkerij Noord" in text
    assert "{" not in text.split("<pre")[0].split("Onderwerp")[1].split("</dl>")[0]


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("Beste {contactpersoon}, komt {leerling}?", "{leerling} kennen we niet"),
        ("Beste {contactpersoon, hallo", "losse accolade"),
        ("Beste contactpersoon}", "losse accolade"),
    ],
)
def test_a_wrong_merge_field_is_said_beside_the_letter(world, coordinator, letter, said):
    response = coordinator.post(
        f"{URL}nieuw/", {"group": world.berk.group.pk, "subject": "Stage", "letter": letter}
    )
    assert response.status_code == 422
    assert said in str(response.context["form"].errors["letter"])
    assert letter in response.content.decode()


def test_a_company_named_like_a_field_stays_what_it_is(world):
    with use(SYSTEM):
        campaign = draft_of(world.berk)
        company = Company(name="{coordinator} bv")
        assert "{coordinator} bv" in letters.merge(campaign, company, None).letter


def test_the_preview_with_layout_allows_styles_on_that_answer_only(world, coordinator):
    campaign = draft_of(world.berk)
    html = coordinator.get(url(campaign, "bekijken/?as=html"))
    assert "'unsafe-inline'" in html["Content-Security-Policy"].split("style-src")[1].split(";")[0]
    page = coordinator.get(url(campaign, "bekijken/"))
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "Garage Noord" in html.content.decode() or "Bakkerij Noord" in html.content.decode()


def test_the_test_mail_goes_to_oneself_and_to_no_company(world, coordinator):
    campaign = draft_of(world.berk)
    for _ in range(2):
        coordinator.post(
            url(campaign, "proefmail/"), {"company": world.noord.companies[1].public_id}
        )
    delivery.deliver()
    assert [m.to for m in django_mail.outbox] == [[world.berk.coordinator.email]] * 2
    assert django_mail.outbox[0].subject == "Proef: Berk zoekt stageplekken"
    assert "Garage Noord" in django_mail.outbox[0].body
    with use(SYSTEM):
        assert not Invitation.objects.filter(campaign=campaign).exists()


def test_only_a_draft_can_be_edited(world, coordinator):
    campaign = sent_campaign(world, world.berk)
    assert coordinator.get(url(campaign, "wijzigen/"))["Location"] == url(campaign)
    coordinator.post(url(campaign, "wijzigen/"), {"subject": "Anders", "letter": "Anders"})
    with use(SYSTEM):
        assert Campaign.objects.get(pk=campaign.pk).subject == "{school} zoekt stageplekken"


def test_confirming_says_how_many_and_who_cannot_be_reached(world, coordinator):
    with use(SYSTEM):
        silent = Company.objects.create(region=world.noord.region, name="Zonder Adres")
        GroupCompany.objects.create(
            school=world.berk.school, group=world.berk.group, company=silent
        )
        Invitation.objects.filter(school=world.els.school, company=world.noord.companies[0]).update(
            sent_at=timezone.now() - timedelta(days=3)
        )
    page = coordinator.get(url(draft_of(world.berk), "versturen/"))
    assert page.context["many"] == 2
    assert page.context["no_address"] == [silent]
    assert [(c.name, a.schools) for c, a in page.context["recently"]] == [("Bakkerij Noord", 1)]
    text = page.content.decode()
    assert "1 school in de laatste 8 weken" in " ".join(text.split())
    assert "Els" not in text


def test_each_company_gets_exactly_one_mail_however_often_one_presses(world, coordinator):
    campaign = draft_of(world.berk)
    for _ in range(3):
        coordinator.post(url(campaign, "versturen/"), {"when": "now"})
    assert mails(event="invitation") == 2
    delivery.deliver()
    delivery.deliver()
    assert sorted(m.to[0] for m in django_mail.outbox) == [
        "contact@bakkerij-noord.test",
        "contact@garage-noord.test",
    ]
    letter = django_mail.outbox[0]
    assert letter.reply_to == [world.berk.coordinator.email]
    assert "/bedrijven/antwoord/" in letter.body
    assert "{" not in letter.body


def test_a_general_address_becomes_a_contact_so_that_the_company_can_answer(world):
    with use(SYSTEM):
        company = Company.objects.create(
            region=world.noord.region, name="Kapper", email="info@kapper.test"
        )
        GroupCompany.objects.create(
            school=world.berk.school, group=world.berk.group, company=company
        )
    campaign = sent_campaign(world, world.berk)
    with use(SYSTEM):
        contact = Contact.objects.get(company=company)
    assert (contact.email, contact.roles) == ("info@kapper.test", ["contact"])
    assert invitation_of(campaign, company).contact_id == contact.pk


def test_nobody_to_ask_sends_nothing(world, coordinator):
    campaign = draft_of(world.berk)
    with use(SYSTEM):
        GroupCompany.objects.all().delete()
    response = coordinator.post(url(campaign, "versturen/"), {"when": "now"}, follow=True)
    assert "Geen enkel bedrijf" in response.content.decode()
    assert state_of(campaign) == "draft"


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
    with use(SYSTEM):
        Contact.objects.filter(email=address).update(email="goed@garage-noord.test")
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
    campaign = sent_campaign(world, world.berk, reminder_after_days=7)
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


def test_a_thousand_invitations_are_queued_with_few_queries(world, django_assert_max_num_queries):
    with use(SYSTEM):
        companies = [Company(region=world.noord.region, name=f"Bedrijf {n}") for n in range(1000)]
        for company in companies:
            company.set_keys()
        Company.objects.bulk_create(companies)
        Contact.objects.bulk_create(
            Contact(
                region=world.noord.region,
                company=c,
                name="Jan",
                email=f"jan{c.pk}@bedrijf.test",
                roles=["contact"],
            )
            for c in companies
        )
        GroupCompany.objects.bulk_create(
            GroupCompany(school=world.berk.school, group=world.berk.group, company=c)
            for c in companies
        )
    with django_assert_max_num_queries(30):
        sent_campaign(world, world.berk)
    assert mails(event="invitation") == 1002


def test_the_list_needs_as_many_queries_for_three_as_for_one(
    world, coordinator, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as first:
        coordinator.get(URL)
    for _ in range(2):
        draft_of(world.berk)
    with django_assert_max_num_queries(len(first)):
        coordinator.get(URL)


def test_the_phone_list_holds_who_is_silent_with_a_number(world, coordinator):
    with use(SYSTEM):
        Contact.objects.filter(pk=world.noord.contacts[1].pk).update(telephone="0501234567")
    page = coordinator.get(url(world.berk.campaign, "bellijst/")).content.decode()
    assert "Garage Noord" in page
    assert "tel:0501234567" in page
    assert "Bakkerij" not in page
    csv = coordinator.get(url(world.berk.campaign, "bellijst/?format=csv")).content.decode()
    assert "Garage Noord;Contact Garage Noord;0501234567" in csv


def test_another_schools_campaign_is_nowhere(world, coordinator):
    els = sent_campaign(world, world.els)
    assert coordinator.get(url(els)).status_code == 404
    assert els.public_id not in coordinator.get(URL).content.decode()
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        assert services.note_deliveries(actor=actor) == 0


def test_a_draft_waits_on_the_coordinators_home(world):
    draft_of(world.berk)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        assert "Verstuur de uitnodigingen" in [t.title for t in todo.for_actor(actor)]
