"""Home pages: how a school begins, the first explanation, the menu in the order of the year."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from companies.models import Campaign
from placements.agreements.models import AgreementSettings
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Group, SchoolSettings
from stage.schools.services import first_steps
from stage.web.beginning import steps_of
from tests.clients import client_of, client_of_contact
from tests.world import member

HOME = reverse("web:home")


@pytest.fixture
def beginner(world):
    """The coordinator of a school in which nothing was done yet."""
    with use(SYSTEM):
        school = first_steps.make_school(world.noord.region, name="Nieuw", brin="99ZZ00")
        return member("coordinator", "Carla Nieuw", region=world.noord.region, school=school)


def now(world, membership) -> str:
    """The button of the step that is next."""
    return next((str(s.button) for s in steps(world, membership) if s.now), "")


def steps(world, membership) -> list:
    actor = world.actor(membership)
    with use(actor.scope):
        return steps_of(actor)


def tell(school, **data) -> None:
    """The school says about itself what letters and agreements need."""
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=school).update(
            **{
                "street": "Plein 1",
                "postcode": "9711 AA",
                "city": "Noord",
                "telephone": "050 1234567",
                "represented_by": "Dina Recteur",
                "representative_function": "directeur",
                **data,
            }
        )
        AgreementSettings.objects.filter(school=school).update(insurance_text="De school.")


def test_the_schools_own_data_come_first_and_hold_nothing_up(world, beginner):
    assert now(world, beginner) == "Vul in"
    assert [str(s.button) for s in steps(world, beginner) if s.also] == ["Maak periode"]
    for missing in ("telephone", "street", "represented_by", "representative_function"):
        tell(beginner.school, **{missing: " "})
        assert now(world, beginner) == "Vul in", missing
    tell(beginner.school)
    with use(SYSTEM):
        AgreementSettings.objects.filter(school=beginner.school).update(insurance_text="")
    assert now(world, beginner) == "Vul in"
    tell(beginner.school)
    assert now(world, beginner) == "Maak periode"
    assert not [s for s in steps(world, beginner) if s.also]


def test_who_filled_in_the_schools_data_comes_back_to_the_start(world, beginner):
    client = client_of(beginner)
    page = client.get(HOME).content.decode()
    where = next(str(s.url) for s in steps(world, beginner) if s.now)
    assert f'href="{where}"' in page
    form = client.get(where).context["page"]
    filled = {name: form[name].value() or "" for name in form.fields}
    assert client.post(where, {**filled, "telephone": "050 1234567"})["Location"] == HOME
    elsewhere = where.partition("?")[0] + "?next=https://evil.example/"
    answer = client.post(elsewhere, {**filled, "telephone": "050 7654321"})
    assert answer["Location"] == where.partition("?")[0]


def test_an_empty_school_is_led_from_step_to_step(world, beginner):
    tell(beginner.school)
    assert now(world, beginner) == "Maak periode"
    school = beginner.school
    period = world.berk.period
    with use(SYSTEM):
        period.pk, period.school, period.public_id = None, school, "nieuweperiode"
        period.save(force_insert=True)
    assert now(world, beginner) == "Maak groep"
    with use(SYSTEM):
        Group.objects.create(school=school, period=period, name="3N")
    assert now(world, beginner) == "Kies leerlingen"


def test_the_steps_end_with_the_first_letter(world):
    assert now(world, world.berk.coordinator) != ""
    with use(SYSTEM):
        Campaign.objects.filter(school=world.berk.school).update(state="sent")
    assert now(world, world.berk.coordinator) == ""


def test_the_one_primary_button_of_an_empty_home_is_the_next_step(world, beginner):
    text = client_of(beginner).get(HOME).content.decode()
    found = re.findall(r'class="button [^"]*\bprimary\b.*?</a>', text, re.S)
    assert len(found) == 1
    assert "Vul in" in found[0]
    assert "Maak periode" in text
    assert "Niets dat op je wacht" not in text


@pytest.mark.parametrize("role", ["coordinator", "teacher", "bureau"])
def test_the_first_words_go_away_and_stay_in_reach(world, role):
    person = world.noord.bureau if role == "bureau" else getattr(world.berk, role)
    client: Client = client_of(person)
    assert "Nieuw hier?" in client.get(HOME).content.decode()
    client.post(reverse("web:explanation_seen"))
    text = client.get(HOME).content.decode()
    assert "Nieuw hier?" not in text
    assert f'href="{reverse("web:explanation")}"' in text
    assert "Zo werkt het voor jou" in client.get(reverse("web:explanation")).content.decode()


def test_who_guides_only_reads_that_first(world):
    guide = client_of_contact(world.noord.supervisors[0])
    contact = client_of_contact(world.noord.contacts[0])
    guiding, offering = "Als u een stagiair begeleidt", "Als u een stageplek biedt"
    texts = [c.get(reverse("web:explanation")).content.decode() for c in (guide, contact)]
    assert texts[0].index(guiding) < texts[0].index(offering)
    assert texts[1].index(guiding) > texts[1].index(offering)


def test_the_menu_follows_the_year_and_opens_where_one_is(world):
    client = client_of(world.berk.coordinator)
    assert labels(client, HOME) == [
        "Start", "Periode", "Bedrijven", "Leerlingen", "Matchen", "Overeenkomsten",
        "Tijdens stage", "Afronden", "Instellingen",
    ]  # fmt: skip
    assert labels(client, reverse("web:group_list"))[3:6] == [
        "Leerlingen",
        "Groepen",
        "Matchen",
    ]


def labels(client, url: str) -> list[str]:
    menu = client.get(url).content.decode().split('<nav class="desk-nav"', 1)[1].split("</nav>")[0]
    return re.findall(r'class="nav-link"[^>]*>.*?<span>([^<]+)</span>', menu)


def test_a_teacher_on_a_quiet_day_sees_the_own_students(world):
    text = client_of(world.berk.teacher).get(HOME).content.decode()
    rest = client_of(world.berk.colleague).get(HOME).content.decode()
    name = world.berk.students[0].full_name
    assert name in text
    assert name not in rest
    assert "Je hebt nog geen leerlingen" in rest
