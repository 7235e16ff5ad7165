"""A student looks, writes, sends, orders and withdraws."""

import pytest
from django.urls import reverse

from companies.models import Offer, Place
from placements.enums import ApplicationState
from placements.models import Application
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.schools.models import Student
from tests.clients import client_of
from tests.placements.helpers import WORDS, apply_to, state_of
from tests.placements.test_application_services import roomy, second_place


@pytest.fixture
def client(world):
    """Cem, who has not applied anywhere."""
    roomy(world)
    return client_of(world.berk.logins[2])


def page(response) -> str:
    return response.content.decode()


def test_browsing_shows_the_schools_places_only(world, client):
    with use(SYSTEM):
        Offer.objects.filter(pk=world.els.places[0].offer_id).update(tasks="GEHEIM VAN ELS")
    text = page(client.get(reverse("placements:place_browse")))
    assert "Bakkerij Noord" in text
    assert "4 plekken vrij" in text
    assert "Jouw profiel" in text
    assert "GEHEIM" not in text
    assert "Zuid" not in text


def test_a_full_place_is_not_offered(world, client):
    roomy(world, 1)
    text = page(client.get(reverse("placements:place_browse")))
    assert "Bakkerij Noord" not in text
    assert "Nog geen plekken" in text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=garage", ["Garage Noord"]),
        ("?q=Bákker", ["Bakkerij Noord"]),
        ("?q=horeca", ["Bakkerij Noord"]),
        ("?profiel=M%26T", ["Garage Noord"]),
        ("?sorteer=naam", ["Bakkerij Noord", "Garage Noord"]),
        ("?q=niets-daarvan", []),
    ],
)
def test_search_and_filter(world, client, query, names):
    second_place(world)
    response = client.get(reverse("placements:place_browse") + query)
    assert [o.place.company.name for o in response.context["options"]] == names


def test_distance_shows_and_sorts(world, client):
    near = second_place(world)
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[2].pk).update(city="Utrecht")
        for location, city in zip(world.noord.locations, ("Groningen", "Amersfoort"), strict=True):
            location.city = city
            location.save(update_fields=["city"])
    response = client.get(reverse("placements:place_browse") + "?sorteer=afstand")
    options = list(response.context["options"])
    assert options[0].place == near
    assert 15 < options[0].km < 25
    response = client.get(reverse("placements:place_browse") + "?km=40")
    assert [o.place for o in response.context["options"]] == [near]


def test_browsing_costs_the_same_for_one_and_more(world, client, django_assert_max_num_queries):
    url = reverse("placements:place_browse")
    with django_assert_max_num_queries(60) as one:
        client.get(url)
    second_place(world)
    second_place(world)
    with django_assert_max_num_queries(60) as three:
        assert len(client.get(url).context["page_obj"]) == 3
    assert len(three) == len(one)


def test_showing_a_place(world, client):
    text = page(client.get(reverse("placements:place_show", args=[world.berk.places[0].public_id])))
    assert "Brood bakken" in text
    assert "Solliciteer hier" in text


def test_a_place_shows_the_hours_of_the_company_where_it_chose_its_own(world, client):
    url = reverse("placements:place_show", args=[world.berk.places[0].public_id])
    assert "08:30 – 15:30" in page(client.get(url))
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(day_from="06:00", day_to="14:00")
    assert "06:00 – 14:00" in page(client.get(url))


def test_a_place_of_another_school_is_not_there(world, client):
    for name in ("place_show", "application_write"):
        url = reverse(f"placements:{name}", args=[world.els.places[0].public_id])
        assert client.get(url).status_code == 404


def write_url(world):
    return reverse("placements:application_write", args=[world.berk.places[0].public_id])


def test_writing_and_sending(world, client):
    response = client.post(write_url(world), {"motivation": WORDS, "submit": "1"}, follow=True)
    assert "Verstuurd. Bakkerij Noord leest je sollicitatie." in page(response)
    with use(SYSTEM):
        row = Application.objects.get(student=world.berk.students[2])
    assert (row.state, row.motivation) == (ApplicationState.WITH_COMPANY, WORDS)


def test_too_few_words_are_not_sent_but_kept_on_the_page(world, client):
    response = client.post(write_url(world), {"motivation": "Leuk daar", "submit": "1"})
    assert response.status_code == 422
    assert "Leuk daar" in page(response)
    assert "Schrijf nog iets meer" in page(response)
    with use(SYSTEM):
        assert not Application.objects.filter(student=world.berk.students[2]).exists()


def test_a_few_words_make_a_draft(world, client):
    response = client.post(write_url(world), {"motivation": "Leuk", "draft": "1"}, follow=True)
    assert "Nog niet verstuurd" in page(response)


def test_a_refusal_of_the_service_is_said_on_the_form(world):
    client = client_of(world.berk.logins[0])
    url = reverse("placements:application_write", args=[second_place(world).public_id])
    response = client.post(url, {"motivation": WORDS, "submit": "1"})
    assert response.status_code == 422
    assert "Je hebt al een stageplek in deze periode." in page(response)


def test_the_list_explains_and_shows_the_companys_reason(world, client):
    with use(SYSTEM):
        apply_to(
            world.berk.places[0],
            world.berk.students[2],
            ApplicationState.DECLINED,
            reason="De dagen passen niet.",
        )
        apply_to(second_place(world), world.berk.students[2])
    text = page(client.get(reverse("placements:application_list")))
    assert "De dagen passen niet." in text
    assert "Wacht op antwoord" in text
    assert "Na 14 dagen zonder antwoord" in text


def test_the_list_shows_nobody_elses(world, client):
    text = page(client.get(reverse("placements:application_list")))
    assert "Nog niets verstuurd" in text
    assert "Bram" not in text


def test_moving_and_withdrawing(world, client):
    with use(SYSTEM):
        apply_to(world.berk.places[0], world.berk.students[2], rank=1)
        other = apply_to(second_place(world), world.berk.students[2], rank=2)
    client.post(reverse("placements:application_move", args=[other.public_id]), {"naar": "omhoog"})
    with use(SYSTEM):
        assert Application.objects.get(pk=other.pk).rank == 1
    url = reverse("placements:application_withdraw", args=[other.public_id])
    assert "intrekken?" in page(client.get(url))
    assert state_of(other) == ApplicationState.WITH_COMPANY
    client.post(url)
    assert state_of(other) == ApplicationState.WITHDRAWN


def test_a_classmates_application_is_not_there(world, client):
    target = world.berk.applications[1]
    for name in ("application_withdraw", "application_move"):
        url = reverse(f"placements:{name}", args=[target.public_id])
        assert client.post(url).status_code == 404
    assert state_of(target) == ApplicationState.WITH_COMPANY


def titles(world, n):
    actor = world.actor(world.berk.logins[n])
    with use(actor.scope):
        return [t.title for t in todo.for_actor(actor)]


def test_todos_follow_the_student(world):
    assert "Zoek een stageplek" in titles(world, 2)
    with use(SYSTEM):
        draft = apply_to(world.berk.places[0], world.berk.students[2], ApplicationState.DRAFT)
    assert "Maak je sollicitatie af" in titles(world, 2)
    with use(SYSTEM):
        Application.objects.filter(pk=draft.pk).update(
            state="accepted", decided_at="2026-11-30T10:00:00Z"
        )
    assert "Lees het antwoord van Bakkerij Noord" in titles(world, 2)
    # Placed: nothing of this is left.
    assert not {"Zoek een stageplek", "Maak je sollicitatie af"} & set(titles(world, 0))
