"""A link is one invitation, whoever holds it; what is named through it waits for a person."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from companies import services
from companies.models import Contact, Invitation, Place, Trust
from placements.services import submit_application
from stage.core.models import Device
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import links
from tests.abuse.mailbox import CODE, get_in, letters_to, link_in, open_link, reads
from tests.clients import client_of, client_of_contact
from tests.companies.conftest import invitation_of, path_of, sent_campaign, yes
from tests.world import trust

EVIL = "evil@elders.test"


@pytest.fixture
def asked(world) -> Invitation:
    """The garage's invitation of school Berk, mailed to its contact."""
    return invitation_of(sent_campaign(world, world.berk), world.noord.companies[1])


@pytest.fixture
def forwarded(world, asked):
    """Whoever got the mail passed on, and said yes with a supervisor of his own."""
    client = Client()
    data = yes(supervisor="new", new_name="Eva Evil", new_email=EVIL)
    answer = client.post(path_of(asked, world.noord.contacts[1]), data)
    assert answer.status_code == 302
    return client


def supervisor_of(asked) -> Contact:
    with use(SYSTEM):
        return Place.objects.get(invitation=asked).supervisor


def test_who_is_named_through_a_forwarded_link_sees_nothing(world, asked, forwarded):
    assert supervisor_of(asked).email == EVIL
    evil = get_in(EVIL)
    text = reads(evil)
    assert "Berk" not in text
    assert "De school kent dit adres nog niet" in text


def test_the_one_it_was_mailed_to_hears_of_it(world, asked, forwarded):
    services.tell_changes()
    letters = letters_to(world.noord.contacts[1].email)
    [told] = [m for m in letters if EVIL in m.body]
    assert "via de link" in told.body


def test_and_changes_nobody_at_the_company(world, asked, forwarded):
    evil = get_in(EVIL)
    own, boss = supervisor_of(asked), world.noord.contacts[1]
    base = f"/bedrijven/{world.noord.companies[1].public_id}/contactpersonen"
    data = {"name": "Eva", "email": EVIL, "roles": ["contact", "supervisor", "signatory"]}
    assert evil.post(f"{base}/{own.public_id}/", data).status_code == 404
    assert evil.post(f"{base}/{boss.public_id}/", {"active": "no"}).status_code == 404
    assert evil.post(f"{base}/{boss.public_id}/weg/", {"colleague": "none"}).status_code == 404
    with use(SYSTEM):
        assert not Trust.objects.filter(address=EVIL).exists()
        assert Contact.objects.get(pk=boss.pk).active


def test_the_owner_of_the_link_says_yes_with_a_code(world, asked, forwarded):
    """The baker proves who he is, sees name and full address, and says yes in one press."""
    boss = client_of_contact(world.noord.contacts[1])
    page = reverse("companies:colleague_list")
    shown = boss.get(page).content.decode()
    assert "Eva Evil" in shown
    assert EVIL in shown
    boss.post(page, {"contact": supervisor_of(asked).shown, "answer": "yes"})
    with use(SYSTEM):
        rows = {(t.school.name, tuple(t.roles)) for t in Trust.objects.filter(address=EVIL)}
    assert rows == {("Berk", ("supervisor",)), ("Els", ("supervisor",))}
    assert EVIL not in boss.get(page).content.decode()
    boss.post(page, {"contact": supervisor_of(asked).shown, "answer": "yes"})  # done twice


def test_who_one_school_knows_is_asked_for_the_other(world, asked, forwarded):
    """Berk's place names her, only Els said yes: the contact of both is still asked."""
    with use(SYSTEM):
        trust(world.els, supervisor_of(asked))
    boss = client_of_contact(world.noord.contacts[1])
    assert EVIL in boss.get(reverse("companies:colleague_list")).content.decode()


def test_or_no(world, asked, forwarded):
    boss = client_of_contact(world.noord.contacts[1])
    page = reverse("companies:colleague_list")
    boss.post(page, {"contact": supervisor_of(asked).shown, "answer": "no"})
    assert EVIL not in boss.get(page).content.decode()
    with use(SYSTEM):
        assert not Contact.objects.get(email=EVIL).active
    assert get_in(EVIL) is None


def test_or_the_school_does(world, asked, forwarded):
    berk = client_of(world.berk.coordinator)
    page = reverse("companies:address_list")
    shown = berk.get(page).content.decode()
    assert EVIL in shown
    assert "via de link van een uitnodiging" in shown
    berk.post(page, {"contact": supervisor_of(asked).shown})
    with use(SYSTEM):
        row = Trust.objects.get(address=EVIL)
    assert (row.school, row.roles, row.source) == (world.berk.school, ["supervisor"], "ticked")


def test_a_link_opens_no_other_invitation_and_no_page_of_the_company(world, asked):
    other = invitation_of(sent_campaign(world, world.els), world.noord.companies[1])
    client = Client()
    client.get(path_of(asked, world.noord.contacts[1]))
    for page in (
        reverse("companies:invitation_own", args=[other.public_id]),
        reverse("companies:invitation_own", args=[asked.public_id]),
        reverse("companies:profile_edit", args=[world.noord.companies[1].public_id]),
        reverse("web:home"),
    ):
        assert "inloggen" in client.get(page).headers.get("Location", ""), page


def test_a_code_of_one_schools_link_opens_no_other_schools(world):
    """One person, known to Berk by one address and to Els by another: a code proves its mailbox."""
    contact = world.noord.contacts[0]
    old = contact.email
    with use(SYSTEM):
        Trust.objects.filter(contact=contact, school=world.els.school).update(address=EVIL)
        Contact.objects.filter(pk=contact.pk).update(email=EVIL)
        paths = {
            sw.school.name: links.link_for(
                person_kind="contact",
                person_id=contact.pk,
                purpose="trainee",
                region_id=world.noord.region.pk,
                school_id=sw.school.pk,
            )
            for sw in (world.berk, world.els)
        }
    thief = Client()
    berk, els = (urlsplit(p).path for p in (paths["Berk"], paths["Els"]))
    thief.post(els)
    code = letters_to(EVIL)[-1]
    typed = "".join(CODE.search(code.body).groups())
    answer = thief.post(berk + "code/", {"code": typed})
    assert answer.status_code == 422
    with use(SYSTEM):
        assert not Device.objects.filter(email=old).exists()
    assert letters_to(old) == []


def test_a_baker_sees_the_applicant_after_one_code(world):
    """The honest way is not longer: link, code, applicant."""
    actor = world.actor(world.berk.logins[2])
    with use(actor.scope):
        submit_application(
            world.berk.places[0],
            student=world.berk.students[2],
            motivation="Ik bak graag.",
            actor=actor,
        )
    address = world.noord.contacts[0].email
    [letter] = letters_to(address)
    client = open_link(Client(), link_in(letter), address)
    assert "Cem" in client.get(reverse("placements:company_inbox")).content.decode()
