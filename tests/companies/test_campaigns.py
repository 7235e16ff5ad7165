"""Campaigns: written, sent exactly once, followed."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from companies import letters, services
from companies.models import Campaign, Company, Contact, GroupCompany, Invitation
from stage.core.mail import delivery
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.schools.models import SchoolSettings
from tests.companies.conftest import URL, draft_of, invitation_of, mails, sent_campaign, state_of
from tests.companies.conftest import address_of as url


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
    mail = text.split("Onderwerp")[1].split("</section>")[0]
    assert not set("[]{}") & set(mail.split("data-")[0])


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("Beste [contactpersoon], komt [leerling]?", "[leerling] kennen we niet"),
        ("Beste [contactpersoon], komt [leerling]?", "Kies uit: [naam bedrijf], [contactpersoon]"),
        ("Beste [contactpersoon, hallo", "los haakje"),
        ("Beste contactpersoon]", "los haakje"),
        ("Beste {contactpersoon}, komt {leerling}?", "{leerling} kennen we niet"),
        ("Beste {contactpersoon, hallo", "los haakje"),
    ],
)
def test_a_wrong_merge_field_is_said_beside_the_letter(world, coordinator, letter, said):
    response = coordinator.post(
        f"{URL}nieuw/", {"group": world.berk.group.pk, "subject": "Stage", "letter": letter}
    )
    assert response.status_code == 422
    assert said in str(response.context["form"].errors["letter"])
    assert letter in response.content.decode()


@pytest.mark.parametrize("name", ["{coordinator} bv", "[mijn naam] bv"])
def test_a_company_named_like_a_field_stays_what_it_is(world, name):
    with use(SYSTEM):
        campaign = draft_of(world.berk)
        assert name in letters.merge(campaign, Company(name=name), None).letter


def test_every_field_has_a_button_and_is_filled_for_a_company(world, coordinator):
    page = coordinator.get(f"{URL}nieuw/").content.decode()
    for field in letters.FIELDS.values():
        assert f'data-insert="{field.token}"' in page
    every = "\n".join(field.token.title() for field in letters.FIELDS.values())
    assert letters.problems(every) == []
    with use(SYSTEM):
        campaign = draft_of(world.berk, letter=every)
        said = letters.merge(campaign, world.noord.companies[0], None).letter.split("\n")
    assert said[:3] == ["Bakkerij Noord", "heer, mevrouw", "Berk"]
    assert not set("[]{}") & set("".join(said))


def test_a_letter_of_before_is_filled_and_comes_back_in_the_words_of_today(world, coordinator):
    campaign = draft_of(world.berk)  # written in braces
    form = coordinator.get(url(campaign, "wijzigen/")).context["form"]
    assert form["letter"].value().startswith("Beste [contactpersoon] van [naam bedrijf], van [eer")
    with use(SYSTEM):
        said = letters.merge(campaign, world.noord.companies[0], None)
    assert said.subject == "Berk zoekt stageplekken"
    assert said.letter.startswith("Beste heer, mevrouw van Bakkerij Noord, van ")
    typed = "Beste {contactpersoon} van [ Naam  Bedrijf ]"
    coordinator.post(url(campaign, "wijzigen/"), {"subject": "Stage", "letter": typed})
    with use(SYSTEM):
        kept = Campaign.objects.get(pk=campaign.pk).letter
    assert kept == "Beste [contactpersoon] van [naam bedrijf]"


def test_the_preview_with_layout_allows_styles_on_that_answer_only(world, coordinator):
    campaign = draft_of(world.berk)
    html = coordinator.get(url(campaign, "bekijken/?vorm=html"))
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
    rows = [one for part in page.context["lists"] for one in part.rows if one.asks]
    assert [(one.company.name, one.asks.schools) for one in rows] == [("Bakkerij Noord", 1)]
    text = page.content.decode()
    assert "1 school vroeg dit bedrijf kort geleden" in " ".join(text.split())
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
    assert not set("[]{}") & set(letter.body)


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
    assert "Kies eerst bedrijven" in response.content.decode()
    assert state_of(campaign) == "draft"


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
        Contact.objects.filter(pk=world.noord.contacts[1].pk).update(telephone="050 123 45 67")
    page = coordinator.get(url(world.berk.campaign, "bellijst/")).content.decode()
    assert "Garage Noord" in page
    assert "tel:0501234567" in page
    assert "Bakkerij" not in page
    # On a phone the row itself leads to where the answer is entered.
    with use(SYSTEM):
        asked = world.berk.campaign.invitations.get(company=world.noord.companies[1]).public_id
    row = page.partition('<th scope="row">')[2].partition("</th>")[0]
    assert f"/bedrijven/uitnodigingen/{asked}/gebeld/" in row
    csv = coordinator.get(url(world.berk.campaign, "bellijst/?format=csv")).content.decode()
    assert "Garage Noord;Contact Garage Noord;050 123 45 67" in csv


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


def test_a_letter_without_a_number_to_call_says_so_before_it_goes(world, coordinator):
    plain = draft_of(world.berk)
    names_it = draft_of(world.berk, letter="Bel ons op [telefoon school].")
    for tail in ("bekijken/", "versturen/"):
        assert "geen telefoonnummer van de school" in coordinator.get(url(plain, tail)).text
        page = coordinator.get(url(names_it, tail)).text
        assert "[telefoon school], maar dat nummer is er niet" in page
        assert f"?next={url(names_it, tail)}" in page
    coordinator.post(url(plain, "versturen/"), {"when": "now"})
    assert state_of(plain) == "sending"
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=world.berk.school).update(telephone="050 1234567")
        said = letters.merge(names_it, world.noord.companies[0], None).letter
    assert said == "Bel ons op 050 1234567."
    assert "telefoonnummer" not in coordinator.get(url(names_it, "versturen/")).text
