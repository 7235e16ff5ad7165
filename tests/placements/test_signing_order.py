"""A school that lets parties sign in turn: who is not yet asked, and what the page says."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from placements.agreements.models import AgreementSettings
from placements.agreements.notifications import _sign
from placements.agreements.services import papers
from placements.agreements.tasks import remind_signers
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.ui import todo
from stage.core.who.policies import Conflict
from tests.clients import client_of, client_of_contact
from tests.placements.agreements import actors, fresh, frozen, of_age, sign_as


@pytest.fixture
def in_turn(world):
    with use(SYSTEM):
        AgreementSettings.objects.filter(school=world.berk.school).update(signing_order="in_turn")


def asked() -> list[str]:
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(event="agreement_sign")
        return sorted(rows.values_list("person_kind", flat=True))


def titles(who) -> str:
    with use(who.scope):
        return " ".join(item.title for item in todo.for_actor(who))


def test_the_company_is_asked_once_they_signed_at_home(world, in_turn):
    agreement, people = frozen(world), actors(world)
    assert asked() == ["guardian", "student"]
    sign_as(agreement, people["student"])
    assert asked() == ["guardian", "student"]
    sign_as(agreement, people["guardian"])
    assert asked() == ["contact", "guardian", "student"]
    sign_as(agreement, people["company"])
    sign_as(agreement, people["school"])
    assert fresh(agreement).state == "complete"


def test_everybody_is_asked_at_once_where_the_school_did_not_choose(world):
    frozen(world)
    assert asked() == ["contact", "guardian", "student"]


def test_whose_turn_it_is_not_cannot_sign_and_nothing_is_stored(world, in_turn):
    agreement, people = frozen(world), actors(world)
    for party in ("company", "school"):
        with pytest.raises(Conflict, match="Eerst tekent: leerling en ouder of verzorger"):
            sign_as(agreement, people[party])
    sign_as(agreement, people["student"])
    with pytest.raises(Conflict, match="Eerst tekent: ouder of verzorger"):
        sign_as(agreement, people["company"])
    sign_as(agreement, people["guardian"])
    with pytest.raises(Conflict, match="Eerst tekent: bedrijf"):
        sign_as(agreement, people["school"])
    with use(SYSTEM):
        assert agreement.signatures.count() == 2


def test_nothing_waits_for_them_on_their_homes_and_the_page_says_who_is_first(world, in_turn):
    agreement, people = frozen(world), actors(world)
    assert "Teken" in titles(people["student"])
    assert "Teken de stageovereenkomst" not in titles(people["company"])
    assert "Teken een overeenkomst" not in titles(people["school"])
    page = reverse("agreements:agreement_show", args=[agreement.public_id])
    company = client_of_contact(world.noord.contacts[0])
    text = company.get(page).content.decode()
    assert "Eerst tekent: leerling en ouder of verzorger." in text
    assert "Daarna bent u aan de beurt" in text
    assert "Lees en teken" not in text
    sign_page = reverse("agreements:agreement_sign", args=[agreement.public_id])
    assert company.get(sign_page)["Location"] == page
    listed = reverse("agreements:agreement_list") + "?staat=mine"
    desk = client_of(world.berk.coordinator)
    assert "Aya" not in desk.get(listed).content.decode()
    for party in ("student", "guardian"):
        sign_as(agreement, people[party])
    assert "Teken de stageovereenkomst" in titles(people["company"])
    assert "Lees en teken" in company.get(page).content.decode()
    sign_as(agreement, people["company"])
    assert "Teken een overeenkomst" in titles(people["school"])
    assert "Aya" in desk.get(listed).content.decode()


def test_reminders_go_to_who_can_sign_now(world, in_turn):
    agreement = fresh(frozen(world))
    with time_machine.travel(agreement.frozen_at + timedelta(days=3, hours=1)):
        remind_signers()
    with use(SYSTEM):
        reminded = OutboxMail.objects.filter(event="agreement_reminder")
        assert set(reminded.values_list("person_kind", flat=True)) == {"student", "guardian"}


def test_a_letter_that_came_too_early_is_not_written(world):
    agreement = frozen(world)  # everybody was asked
    with use(SYSTEM):
        row = OutboxMail.objects.get(event="agreement_sign", person_kind="contact")
        AgreementSettings.objects.filter(school=world.berk.school).update(signing_order="in_turn")
    with use(school_scope(world.berk.school)):
        assert _sign(row) is None
    people = actors(world)
    sign_as(agreement, people["student"])
    sign_as(agreement, people["guardian"])
    with use(school_scope(world.berk.school)):
        assert _sign(row) is not None


def test_paper_counts_whenever_it_comes(world, in_turn):
    of_age(world.berk.students[0])
    agreement, who = frozen(world), actors(world)["school"]
    with use(who.scope):
        papers.sign_on_paper(
            agreement, key="company", name="Baas", seen_on=timezone.localdate(), actor=who
        )
        assert [s.party for s in agreement.signatures.all()] == ["company"]


def test_a_school_chooses_on_its_page(world):
    page = client_of(world.berk.coordinator).get(reverse("schools:settings_school"))
    text = page.content.decode()
    assert "Eerst leerling en ouder, dan het bedrijf, dan de school" in text
    assert "Wie nog niet aan de beurt is, krijgt nog geen mail" in text
