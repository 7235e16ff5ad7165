"""Whom a company calls stands on every page about one school."""

from datetime import timedelta

import pytest
from django.utils import timezone

from companies import capacity, services
from stage.core.models import Link
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import SchoolSettings
from tests.companies.conftest import invitation_of, path_of, sent_campaign, yes
from tests.companies.test_answer import place_of, seen_of

NUMBER, DIALLED = "026 123 45 67", 'href="tel:0261234567"'


@pytest.fixture
def asked(world):
    return invitation_of(sent_campaign(world, world.berk), world.noord.companies[1])


@pytest.fixture
def path(world, asked) -> str:
    return path_of(asked, world.noord.contacts[1])


@pytest.fixture
def number(world) -> None:
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=world.berk.school).update(telephone=NUMBER)
        SchoolSettings.objects.filter(school=world.els.school).update(telephone="0999999999")


def calls(text: str) -> bool:
    words = " ".join(text.split())
    return f"Vragen? Bel Berk: <a {DIALLED}>{NUMBER}</a>" in words and "0999999999" not in words


def test_each_page_of_the_link_says_whom_to_call(anonymous, path, number):
    for tail in ("", "?antwoord=yes", "?antwoord=no", "?antwoord=later"):
        assert calls(anonymous.get(path + tail).content.decode()), tail
    anonymous.post(path, {"answer": "no", "seen": "", "no_reason": "full"})
    assert calls(anonymous.get(path).content.decode())
    assert calls(anonymous.post(path, yes(how_many="0")).content.decode())


def test_an_expired_link_and_one_of_who_left_too(world, anonymous, path, number):
    actor = world.actor(world.berk.coordinator)
    with use(SYSTEM):
        Link.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert calls(anonymous.get(path).content.decode())
    assert calls(anonymous.post(path).content.decode())
    with use(actor.scope):
        services.set_contact_active(world.noord.contacts[1], active=False, actor=actor)
    gone = anonymous.get(path)
    assert gone.status_code == 410
    assert calls(gone.content.decode())


def test_the_page_of_an_applicant_too(world, baker, number):
    wish = world.berk.applications[0]
    with use(SYSTEM):
        type(wish).objects.filter(pk=wish.pk).update(state="with_company")
    page = baker.get(f"/stages/bedrijf/sollicitaties/{wish.public_id}/")
    assert calls(page.content.decode())


def test_a_school_without_a_number_is_mailed(world, anonymous, path):
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=world.berk.school).update(telephone="")
    text = anonymous.get(path).content.decode()
    assert "Vragen aan Berk? Beantwoord de mail." in text
    assert "tel:" not in text


@pytest.mark.parametrize(
    ("telephone", "words"),
    [(NUMBER, f"Bel Berk: {NUMBER}."), ("", "Beantwoord de mail van Berk.")],
)
def test_what_cannot_be_taken_back_says_whom_to_call(
    world, anonymous, path, asked, monkeypatch, telephone, words
):
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=world.berk.school).update(telephone=telephone)
    guide = str(world.noord.supervisors[1].pk)
    anonymous.post(path, yes(supervisor=guide))
    monkeypatch.setattr(capacity, "_COUNTERS", [lambda place: 2])
    answer = anonymous.post(path, yes(supervisor=guide, how_many="1", seen=seen_of(asked)))
    assert answer.status_code == 422
    assert f"Er rekenen al 2 leerlingen op een plek. Wilt u minder plekken? {words}" in (
        answer.content.decode()
    )
    assert place_of(asked).how_many == 2
