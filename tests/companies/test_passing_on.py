"""A letter is for a colleague: by name at once, a stranger only after somebody known says yes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from companies import services
from companies.models import Contact, Invitation, LetterStop, PassedOn, Trust
from stage.core.mail import delivery
from stage.core.models import Link
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import links
from stage.schools.models import Period
from tests.abuse.mailbox import open_link
from tests.clients import client_of, client_of_contact
from tests.companies.conftest import URL, invitation_of, mails, path_of, sent_campaign

NEW = {"colleague": "new", "name": "Sanne Smit", "email": "Sanne@garage.test"}


@pytest.fixture
def campaign(world):
    campaign = sent_campaign(world, world.berk)
    delivery.deliver()
    return campaign


@pytest.fixture
def asked(world, campaign):
    """The garage, asked by Berk; the letter arrived."""
    return invitation_of(campaign, world.noord.companies[1])


@pytest.fixture
def garage(world):
    return client_of_contact(world.noord.contacts[1])


@pytest.fixture
def page(world, asked):
    """Where the letter's own link leads who says that it is for a colleague."""
    path = path_of(asked, world.noord.contacts[1])
    return path.replace("/antwoord/", "/mail/") + "collega/"


def own_page(asked) -> str:
    return f"/bedrijven/uitnodigingen/{asked.public_id}/collega/"


def named(email: str) -> Contact | None:
    with use(SYSTEM):
        return Contact.objects.filter(email=email).first()


def held_by(asked) -> str:
    with use(SYSTEM):
        return Invitation.objects.select_related("contact").get(pk=asked.pk).contact.email


def to(mailoutbox, address: str) -> list:
    return [m for m in mailoutbox if m.to == [address]]


def by_name(contact) -> dict:
    return {"colleague": contact.public_id}


def test_a_colleague_we_know_is_mailed_at_once_by_name(world, anonymous, page, asked, mailoutbox):
    colleague = world.noord.supervisors[1]
    text = anonymous.get(page).content.decode()
    assert colleague.name in text
    assert colleague.email not in text  # names, no addresses
    assert anonymous.post(page, by_name(colleague))["Location"] == page
    delivery.deliver()
    (letter,) = to(mailoutbox, colleague.email)
    assert path_of(asked, colleague) in letter.body
    assert held_by(asked) == colleague.email
    told = anonymous.get(page).content.decode()
    assert f"naar {colleague.name} gestuurd" in told
    answer = anonymous.get(path_of(asked, colleague))
    assert answer.status_code == 200


def test_twice_pressed_is_one_mail(world, anonymous, page, asked, mailoutbox):
    for _twice in range(2):
        anonymous.post(page, by_name(world.noord.supervisors[1]))
    delivery.deliver()
    assert len(to(mailoutbox, world.noord.supervisors[1].email)) == 1
    with use(SYSTEM):
        assert PassedOn.objects.count() == 1


def test_by_a_link_alone_a_stranger_is_not_mailed(
    world, anonymous, page, asked, coordinator, mailoutbox
):
    anonymous.post(page, NEW)
    delivery.deliver()
    assert to(mailoutbox, "sanne@garage.test") == []
    assert held_by(asked) == world.noord.contacts[1].email
    assert "kijkt of het adres van Sanne Smit klopt" in anonymous.get(page).content.decode()
    # Nor by choosing that name the second time.
    sanne = named("sanne@garage.test")
    assert "Sanne Smit</" not in anonymous.get(page).content.decode().partition("<form")[2]
    assert anonymous.post(page, by_name(sanne)).status_code == 422
    assert anonymous.post(page, NEW).status_code == 302
    delivery.deliver()
    assert to(mailoutbox, "sanne@garage.test") == []
    waiting = coordinator.get(f"{URL.replace('campagnes/', '')}adressen/").content.decode()
    assert "Sanne Smit" in waiting
    assert "sanne@garage.test" in waiting


def test_after_the_schools_yes_the_letter_goes_there(
    world, anonymous, page, asked, coordinator, mailoutbox
):
    anonymous.post(page, NEW)
    shown = named("sanne@garage.test").shown
    coordinator.post("/bedrijven/adressen/", {"contact": [shown]})
    delivery.deliver()
    assert len(to(mailoutbox, "sanne@garage.test")) == 1
    assert held_by(asked) == "sanne@garage.test"


def test_a_known_colleagues_yes_is_enough_too(world, anonymous, page, asked, garage, mailoutbox):
    anonymous.post(page, NEW)
    shown = named("sanne@garage.test").shown
    garage.post("/bedrijven/collegas/", {"contact": shown, "answer": "yes"})
    delivery.deliver()
    assert len(to(mailoutbox, "sanne@garage.test")) == 1


def test_another_schools_yes_sends_nothing_of_ours(world, anonymous, page, mailoutbox):
    anonymous.post(page, NEW)
    els = client_of(world.els.coordinator)
    sanne = named("sanne@garage.test")
    url = f"/bedrijven/{world.noord.companies[1].public_id}/contactpersonen/{sanne.public_id}/ja/"
    els.post(url, {"contact": sanne.shown})
    with use(SYSTEM):
        assert Trust.objects.filter(school=world.els.school, contact=sanne).exists()
    delivery.deliver()
    assert to(mailoutbox, "sanne@garage.test") == []


def test_who_proved_the_mailbox_names_anybody_and_it_goes_at_once(
    world, garage, page, asked, mailoutbox
):
    assert garage.get(page)["Location"] == own_page(asked)
    assert garage.post(own_page(asked), NEW).status_code == 302
    delivery.deliver()
    assert len(to(mailoutbox, "sanne@garage.test")) == 1
    assert held_by(asked) == "sanne@garage.test"


def test_a_code_is_offered_to_the_contact_and_leads_to_the_own_page(world, anonymous, page, asked):
    answer = anonymous.post(page, {"prove": "yes"})
    opened = anonymous.get(answer["Location"])
    assert "code" in opened.content.decode()
    # On another phone it leads straight there: the mailbox was proven.
    known = client_of_contact(world.noord.contacts[1])
    assert known.get(answer["Location"])["Location"] == own_page(asked)


def test_who_guides_is_offered_no_code_and_vouches_for_nobody(world, asked, mailoutbox):
    guide = world.noord.supervisors[1]
    phone = client_of_contact(guide)
    page = path_of(asked, guide).replace("/antwoord/", "/mail/") + "collega/"
    assert "Verder met een code" not in phone.get(page).content.decode()
    phone.post(page, NEW)
    delivery.deliver()
    assert to(mailoutbox, "sanne@garage.test") == []
    assert phone.get(own_page(asked)).status_code == 404


def test_answered_meanwhile_says_so_and_mails_nobody(world, anonymous, page, asked, mailoutbox):
    with use(SYSTEM):
        Invitation.objects.filter(pk=asked.pk).update(state="no", answered_at=timezone.now())
    assert "Er is al geantwoord" in anonymous.get(page).content.decode()
    response = anonymous.post(page, by_name(world.noord.supervisors[1]))
    assert response.status_code == 422
    assert "Er is al geantwoord" in response.content.decode()
    delivery.deliver()
    assert to(mailoutbox, world.noord.supervisors[1].email) == []


def test_after_the_period_nothing_is_passed_on(world, anonymous, page, asked):
    with use(SYSTEM):
        past = timezone.localdate() - timedelta(days=40)
        Period.objects.filter(pk=asked.period_id).update(starts=past, ends=past)
    assert "voorbij" in anonymous.get(page).content.decode()
    assert anonymous.post(page, by_name(world.noord.supervisors[1])).status_code == 422


def test_answered_while_the_address_waited_sends_nothing(
    world, anonymous, page, asked, coordinator, mailoutbox
):
    anonymous.post(page, NEW)
    with use(SYSTEM):
        Invitation.objects.filter(pk=asked.pk).update(state="no", answered_at=timezone.now())
    coordinator.post("/bedrijven/adressen/", {"contact": [named("sanne@garage.test").shown]})
    delivery.deliver()
    assert to(mailoutbox, "sanne@garage.test") == []


def test_not_to_oneself_nor_to_who_wants_no_letters(world, anonymous, page, asked):
    own = {**NEW, "email": world.noord.contacts[1].email.upper()}
    assert "Dat bent u zelf" in anonymous.post(page, own).content.decode()
    other = world.noord.supervisors[1]
    with use(SYSTEM):
        LetterStop.objects.create(
            school=world.berk.school, company=other.company, address=other.email
        )
    assert other.name not in anonymous.get(page).content.decode()
    typed = {**NEW, "name": other.name, "email": other.email}
    assert "wil geen brieven" in anonymous.post(page, typed).content.decode()
    assert mails(event="invitation") == 2


def test_what_is_missing_is_said_beside_the_field_and_typed_words_stay(anonymous, page):
    response = anonymous.post(page, {"colleague": "new", "name": "Sanne", "email": "geen adres"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"email"}
    assert "geen adres" in response.content.decode()
    assert anonymous.post(page, {}).status_code == 422


def test_a_letter_that_waited_to_leave_does_not_go_to_the_first_reader(world, mailoutbox):
    asked = invitation_of(sent_campaign(world, world.berk), world.noord.companies[1])
    first, colleague = world.noord.contacts[1], world.noord.supervisors[1]
    actor = world.company_actor(first)
    with use(actor.scope):
        services.pass_on(asked, colleague, actor=actor)
    delivery.deliver()
    assert to(mailoutbox, first.email) == []
    assert len(to(mailoutbox, colleague.email)) == 1


def test_an_expired_link_and_a_letter_of_another_company(world, anonymous, page, asked):
    other = client_of_contact(world.noord.contacts[0])
    assert other.get(own_page(asked)).status_code == 404
    with use(SYSTEM):
        Link.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert anonymous.get(page)["Location"] == page.removesuffix("collega/")
    assert anonymous.post(page, by_name(world.noord.supervisors[1])).status_code == 302
    assert held_by(asked) == world.noord.contacts[1].email


def test_nobody_of_another_company_can_be_chosen(world, anonymous, page):
    assert anonymous.post(page, by_name(world.noord.supervisors[0])).status_code == 422


def test_the_company_page_of_the_school_says_to_whom_it_went(world, anonymous, page, coordinator):
    anonymous.post(page, by_name(world.noord.supervisors[1]))
    shown = coordinator.get(f"/bedrijven/{world.noord.companies[1].public_id}/").content.decode()
    assert f"doorgegeven aan {world.noord.supervisors[1].name}" in shown


def test_the_answer_page_leads_to_it(world, anonymous, garage, asked):
    path = path_of(asked, world.noord.contacts[1])
    turns = path.replace("/antwoord/", "/mail/")
    assert turns in anonymous.get(path).content.decode()
    assert f"{turns}collega/" in anonymous.get(turns).content.decode()
    assert own_page(asked) in garage.get(own_page(asked).removesuffix("collega/")).content.decode()


# --- a mail about a student -------------------------------------------------------------------


def of_application(world, contact) -> str:
    """The path behind the link of a mail about a student."""
    with use(SYSTEM):
        url = links.link_for(
            person_kind="contact",
            person_id=contact.pk,
            purpose="application",
            region_id=contact.region_id,
            school_id=world.berk.school.pk,
        )
    return url.removeprefix("http://127.0.0.1:8000")


def test_a_mail_about_a_student_leads_to_adding_the_colleague_with_a_code(world, anonymous):
    contact = world.noord.contacts[0]
    path = of_application(world, contact)
    turns = path.replace("/l/", "/bedrijven/mail/")
    # Who opens a forwarded mail is shown the way.
    assert turns in anonymous.get(path).content.decode()
    assert "Dit is voor een collega" in anonymous.get(turns).content.decode()
    with_code = anonymous.post(turns, {"colleague": "yes"})["Location"]
    add = f"/bedrijven/{contact.company.public_id}/contactpersonen/nieuw/"
    assert anonymous.get(add).status_code in (302, 403)
    reader = open_link(anonymous, with_code.removeprefix("http://127.0.0.1:8000"), contact.email)
    person = {"name": "Sanne Smit", "email": "sanne@bakkerij.test", "roles": ["contact"]}
    assert reader.post(add, person).status_code == 302
    assert named("sanne@bakkerij.test").roles == ["contact"]


def test_who_only_guides_is_not_led_to_adding_anybody(world, anonymous):
    turns = of_application(world, world.noord.supervisors[0]).replace("/l/", "/bedrijven/mail/")
    assert "Dit is voor een collega" not in anonymous.get(turns).content.decode()
    assert anonymous.post(turns, {"colleague": "yes"}).status_code == 200


def test_what_came_of_it_is_said_once_and_nothing_asked_may_stay_empty(anonymous, page):
    assert "(mag leeg blijven)" not in anonymous.get(page).content.decode()
    told = anonymous.post(page, NEW, follow=True).content.decode()
    assert told.count("adres van Sanne Smit klopt") == 1
