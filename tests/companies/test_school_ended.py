"""A school stopped: who opens a letter of it reads so, and whom to call; nothing is taken."""

import pytest
from django.urls import reverse

from companies.models import LetterStop, Place
from stage.core.models import MailedCode, OutboxMail, School
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import links
from stage.core.who.policies import Conflict
from stage.schools.models import RegionSettings, SchoolSettings
from stage.schools.services import platform
from tests.clients import client_of_contact
from tests.companies.conftest import invitation_of, path_of, sent_campaign, yes
from tests.companies.test_letter_stops import ONE_CLICK, stop_of

BUREAU, SCHOOL = "026 000 80 00", "026 123 45 67"


@pytest.fixture
def asked(world):
    return invitation_of(sent_campaign(world, world.berk), world.noord.companies[1])


@pytest.fixture
def path(world, asked) -> str:
    return path_of(asked, world.noord.contacts[1])


@pytest.fixture
def ended(world, path):
    with use(SYSTEM):
        RegionSettings.objects.filter(region=world.noord.region).update(
            telephone=BUREAU, email="bureau@noord.test"
        )
        SchoolSettings.objects.filter(school=world.berk.school).update(telephone=SCHOOL)
    actor = world.actor(world.operator)
    with use(actor.scope):
        platform.end_school(School.objects.get(pk=world.berk.school.pk), actor=actor)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def says_so(response) -> bool:
    text = text_of(response)
    assert response.status_code == 410
    assert "U kunt hier niet meer antwoorden" in text
    assert f'Bel Berk: <a href="tel:0261234567">{SCHOOL}</a>' in text
    assert f'<a href="tel:0260008000">{BUREAU}</a>' in text
    assert "bureau@noord.test" in text
    return "Berk doet niet meer mee" in text


def test_its_letter_cannot_be_answered_and_says_whom_to_call(anonymous, path, ended, asked):
    for tail in ("", "?antwoord=yes", "?antwoord=no"):
        assert says_so(anonymous.get(path + tail))
    assert says_so(anonymous.post(path, yes()))
    with use(SYSTEM):
        asked.refresh_from_db()
        assert asked.state == "queued"
        assert not Place.objects.filter(invitation=asked).exists()
    # Neither the ways out of the mail, nor a colleague.
    turns = path.replace("/antwoord/", "/mail/")
    assert says_so(anonymous.get(turns))
    assert says_so(anonymous.post(turns + "collega/", {"name": "Kees", "email": "k@x.test"}))


def test_an_expired_link_brings_no_new_one(anonymous, path, ended):
    with use(SYSTEM):
        links.Link.objects.update(expires_at="2020-01-01T00:00Z")
    assert says_so(anonymous.post(path))
    with use(SYSTEM):
        assert not OutboxMail.objects.filter(event="link_renewed").exists()


def test_its_letters_can_be_stopped_all_the_same(anonymous, path, ended):
    assert anonymous.post(stop_of(path), ONE_CLICK).status_code == 200
    with use(SYSTEM):
        assert LetterStop.objects.count() == 1


@pytest.mark.parametrize("kind", ["contact", "guardian"])
def test_no_code_is_asked_that_would_never_come(world, anonymous, ended, kind):
    person = {"contact": world.noord.contacts[0], "guardian": world.berk.guardians[0]}[kind]
    with use(SYSTEM):
        address = links.link_for(
            person_kind=kind,
            person_id=person.pk,
            purpose="home",
            region_id=world.noord.region.pk,
            school_id=world.berk.school.pk,
        )
    token = links.token_in(address)
    assert says_so(anonymous.get(reverse("web:link_open", args=[token])))
    assert says_so(anonymous.post(reverse("web:link_open", args=[token])))
    with use(SYSTEM):
        assert not MailedCode.objects.exists()


def test_taken_back_it_can_be_answered_again(world, anonymous, path, ended):
    actor = world.actor(world.operator)
    with use(actor.scope):
        school = School.objects.get(pk=world.berk.school.pk)
        platform.take_school_back(school, actor=actor)
        with pytest.raises(Conflict):
            platform.take_school_back(school, actor=actor)
    assert anonymous.get(path).status_code == 200


def test_a_device_that_proved_the_mailbox_reads_the_same(world, path, ended, asked):
    """By the mail's link, and on the page of the own home that stood open meanwhile."""
    own = reverse("companies:invitation_own", args=[asked.public_id])
    phone = client_of_contact(world.noord.contacts[1])
    assert says_so(phone.get(path))
    assert says_so(phone.get(own))
    assert says_so(phone.post(own, yes()))
    stranger = client_of_contact(world.noord.contacts[0])
    assert stranger.get(own).status_code == 404
