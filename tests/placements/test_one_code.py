"""One mailed code to come in and to sign: for half an hour, here, for this agreement alone."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from placements.agreements.models import Agreement, Signature
from placements.agreements.services import starting
from stage.core.models import MailedCode
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Guardian
from stage.schools.services import students
from tests.attendance.helpers import at
from tests.clients import client_of_guardian
from tests.placements.agreements import actors, fresh, frozen, started
from tests.placements.test_agreement_pages import body, sign_data, url
from tests.web.test_links import BIRTHDAY, ask, code_now, enter, link_of

DAY = date(2026, 12, 1)


def signed() -> int:
    with use(SYSTEM):
        return Signature.objects.count()


def codes() -> int:
    with use(SYSTEM):
        return MailedCode.objects.count()


def came_in(world, agreement, guardian=None) -> Client:
    """A guardian who followed the mail and gave its code."""
    guardian = guardian or world.berk.guardians[0]
    client, token = Client(), link_of(world, guardian, "guardian", "agreement", agreement.public_id)
    ask(client, token)
    answer = enter(client, token, code_now(), **BIRTHDAY)
    assert answer["Location"] == url("agreement_open", agreement)  # no explanation in between
    return client


def test_the_code_to_come_in_signs_as_well(world):
    agreement = frozen(world)
    client = came_in(world, agreement)
    opened = client.get(url("agreement_open", agreement))
    assert opened["Location"] == url("agreement_sign", agreement)
    page = body(client.get(opened["Location"]))
    assert "telt ook voor deze handtekening" in page
    assert "Stuur mij een code" not in page
    client.post(url("agreement_sign", agreement), sign_data(agreement))
    assert (signed(), codes()) == (1, 1)
    with use(SYSTEM):
        assert Signature.objects.get().method == "code"


@pytest.mark.parametrize(("minutes", "signatures"), [(29, 1), (31, 0)])
def test_the_proof_lasts_half_an_hour(world, minutes, signatures):
    with at(DAY, "10:00") as clock:
        agreement = frozen(world)
        client = came_in(world, agreement)
        client.get(url("agreement_sign", agreement))
        clock.shift(timedelta(minutes=minutes))
        answer = client.post(url("agreement_sign", agreement), sign_data(agreement))
        assert signed() == signatures
        if not signatures:
            assert answer.status_code == 422
            assert "langer dan een half uur geleden" in body(answer)


def test_a_stolen_device_in_another_browser_has_no_proof(world):
    agreement = frozen(world)
    came_in(world, agreement)
    other = client_of_guardian(world.berk.guardians[0])
    page = body(other.get(url("agreement_sign", agreement)))
    assert "Stuur mij een code" in page
    assert other.post(url("agreement_sign", agreement), sign_data(agreement)).status_code == 422
    # Nor with a browser's key that was made up.
    other.cookies["browser"] = "verzonnen"
    assert other.post(url("agreement_sign", agreement), sign_data(agreement)).status_code == 422
    assert signed() == 0


def test_the_code_of_another_link_proves_nothing_here(world):
    agreement = frozen(world)
    client, token = Client(), link_of(world, world.berk.guardians[0], "guardian")
    ask(client, token)
    enter(client, token, code_now(), **BIRTHDAY)
    assert "Stuur mij een code" in body(client.get(url("agreement_sign", agreement)))
    assert client.post(url("agreement_sign", agreement), sign_data(agreement)).status_code == 422
    assert signed() == 0


def test_a_code_asked_behind_one_link_does_not_open_another(world):
    agreement = frozen(world)
    guardian = world.berk.guardians[0]
    mine = link_of(world, guardian, "guardian", "agreement", agreement.public_id)
    client, home = Client(), link_of(world, guardian, "guardian")
    ask(client, home)
    assert enter(client, mine, code_now(), **BIRTHDAY).status_code == 422


def test_who_came_in_before_the_text_was_fixed_is_asked_again(world):
    from placements.agreements.services import freezing
    from tests.placements.agreements import FIELDS, fill

    with at(DAY, "10:00") as clock:
        agreement = started(world)
        people = actors(world)
        for check in (False, True):
            for party in FIELDS:
                fill(agreement, party, people[party], check=check)
        client = came_in(world, agreement)
        clock.shift(timedelta(minutes=5))
        with use(people["school"].scope):
            freezing.freeze(agreement, reasons={}, actor=people["school"])
        assert "Stuur mij een code" in body(client.get(url("agreement_sign", agreement)))
        client.post(url("agreement_sign", agreement), sign_data(agreement))
        assert signed() == 0


def test_a_new_version_is_no_longer_what_was_proven(world):
    agreement, who = frozen(world), actors(world)["school"]
    client = came_in(world, agreement)
    data = sign_data(agreement)
    with use(who.scope):
        newer = starting.revise(fresh(agreement), text="Andere tijden.", actor=who)
    answer = client.post(url("agreement_sign", agreement), data)
    assert answer["Location"] == url("agreement_show", agreement)
    assert signed() == 0
    with use(SYSTEM):
        assert Agreement.objects.get(pk=newer.pk).state == "filling"


def test_an_address_that_the_school_changed_is_not_proven(world):
    agreement, actor = frozen(world), world.actor(world.berk.coordinator)
    guardian = world.berk.guardians[0]
    client = came_in(world, agreement)
    with use(actor.scope):
        students.change_guardian(guardian, values={"email": "nieuw@thuis.test"}, actor=actor)
    client.post(url("agreement_sign", agreement), sign_data(agreement))
    with use(SYSTEM):
        guardian = Guardian.objects.get(pk=guardian.pk)
    elsewhere = client_of_guardian(guardian)
    elsewhere.cookies["browser"] = client.cookies["browser"].value
    answer = elsewhere.post(url("agreement_sign", agreement), sign_data(agreement))
    assert answer.status_code == 422
    assert signed() == 0


def test_the_page_begins_with_six_lines_and_folds_the_rest(world):
    agreement = frozen(world)
    page = body(came_in(world, agreement).get(url("agreement_sign", agreement)))
    for words in (
        "Dorpsstraat 1, 9711 AC Noord",
        "van 11 januari 2027 t/m 22 januari 2027",
        "08:30 – 15:30, 30 minuten pauze, samen 65 uur",
        "Bij het bedrijf Supervisor Bakkerij Noord, van school Docent Berk",
        "De school heeft een verzekering voor ongevallen. Bij schade tot € 1.000.000.",
        "De stage stopt eerder als leerling, bedrijf en school dat samen besluiten.",
    ):
        assert words in page, words
    assert page.index("In het kort") < page.index("De hele tekst") < page.index("Handtekening")
    assert '<details class="disclosure" >' in page
    assert "Alles openklappen" in page
    opened = came_in(world, agreement).get(url("agreement_sign", agreement) + "?alles=ja")
    assert body(opened).count('<details class="disclosure" open>') == 25
    assert '<details class="disclosure" >' not in body(opened)


def test_whom_to_call_stands_on_the_page(world):
    agreement = frozen(world)
    with use(SYSTEM):
        world.berk.settings.telephone = "050 765 43 21"
        world.berk.settings.save()
    client = client_of_guardian(world.berk.guardians[0])
    for name in ("agreement_sign", "agreement_show", "agreement_refuse", "agreement_stranger"):
        page = body(client.get(url(name, agreement)))
        assert 'href="tel:0507654321"' in page, name


def test_opening_leads_to_the_text_once_it_is_signed(world):
    agreement = frozen(world)
    client = came_in(world, agreement)
    client.post(url("agreement_sign", agreement), sign_data(agreement))
    answer = client.get(reverse("agreements:agreement_open", args=[agreement.public_id]))
    assert answer["Location"] == url("agreement_show", agreement)
