"""What a company fills in after a yes: hours, where, and what it gives other schools already."""

from datetime import time

import pytest

from companies.models import Department, Invitation, Location, Place
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of_contact
from tests.companies.conftest import invitation_of, next_group, path_of, sent_campaign, yes
from tests.companies.test_answer import place_of, seen_of
from tests.world import offered


@pytest.fixture
def asked(world) -> Invitation:
    """The garage, asked by Berk, not answered."""
    return invitation_of(sent_campaign(world, world.berk), world.noord.companies[1])


@pytest.fixture
def path(world, asked) -> str:
    return path_of(asked, world.noord.contacts[1])


@pytest.fixture
def guided(world):
    """What the garage posts, with its own supervisor."""
    return lambda **values: yes(supervisor=str(world.noord.supervisors[1].pk), **values)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


# --- hours ------------------------------------------------------------------------------------


def test_own_hours_are_kept_shown_and_there_again_when_the_answer_is_changed(
    anonymous, path, asked, guided
):
    anonymous.post(path, guided(day_from="06:00", day_to="14:00"))
    place = place_of(asked)
    assert (place.day_from, place.day_to) == (time(6), time(14))
    assert "06:00 – 14:00" in text_of(anonymous.get(path))
    again = anonymous.get(path + "?antwoord=yes").context["form"]
    assert again.hours_open
    assert again["day_from"].value() == time(6)


def test_without_own_hours_the_schools_hold(anonymous, path, asked, guided):
    assert not anonymous.get(path + "?antwoord=yes").context["form"].hours_open
    anonymous.post(path, guided())
    place = place_of(asked)
    assert (place.day_from, place.day_to) == (None, None)
    assert "08:30 – 15:30" in text_of(anonymous.get(path))


@pytest.mark.parametrize(
    ("hours", "wrong"),
    [
        ({"day_from": "06:00"}, "day_to"),
        ({"day_to": "14:00"}, "day_from"),
        ({"day_from": "14:00", "day_to": "06:00"}, "day_to"),
        ({"day_from": "09:00", "day_to": "09:00"}, "day_to"),
        ({"day_from": "09:00", "day_to": "09:30"}, "day_to"),  # the break is half an hour
        ({"day_from": "vroeg", "day_to": "14:00"}, "day_from"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_field(
    anonymous, path, asked, guided, hours, wrong
):
    response = anonymous.post(path, guided(**hours))
    form = response.context["form"]
    assert (response.status_code, set(form.errors)) == (422, {wrong})
    assert form.hours_open
    assert place_of(asked) is None


def test_hours_are_taken_by_telephone_too(coordinator, asked, guided):
    url = f"/bedrijven/uitnodigingen/{asked.public_id}/gebeld/"
    assert 'name="day_from"' in text_of(coordinator.get(url + "?antwoord=yes"))
    coordinator.post(url, guided(day_from="10:00", day_to="17:00", via="phone"))
    assert place_of(asked).hours == (time(10), time(17))


# --- the days that cannot ---------------------------------------------------------------------


def test_the_thank_you_repeats_which_days_cannot(anonymous, path, guided):
    anonymous.post(path, guided(not_on=["2027-02-16", "2027-02-18"]))
    given = dict(anonymous.get(path).context["given"])
    # Thursday the 18th is no day of this company at all.
    assert given["Dan kan het niet"] == "di 16 februari 2027"


# --- where ------------------------------------------------------------------------------------


@pytest.fixture
def workshop(world) -> Location:
    """A second location of the garage."""
    return more_of(world.noord.companies[1])


def more_of(company, street="Havenweg 9") -> Location:
    with use(SYSTEM):
        return Location.objects.create(
            region=company.region, company=company, street=street, city="Noord"
        )


def department_of(company, **values) -> Department:
    with use(SYSTEM):
        return Department.objects.create(
            region=company.region, company=company, name="Plaatwerk", **values
        )


def test_a_company_with_one_location_is_not_asked_where(anonymous, path):
    form = anonymous.get(path + "?antwoord=yes").context["form"]
    assert {"location", "department"}.isdisjoint(form.fields)


def test_a_company_chooses_where_of_its_own_locations(
    world, anonymous, path, asked, guided, workshop
):
    form = anonymous.get(path + "?antwoord=yes").context["form"]
    assert form["location"].value() == str(world.noord.locations[1].pk)
    assert not form.parts_open
    anonymous.post(path, guided(location=str(workshop.pk)))
    assert place_of(asked).offer.location == workshop
    assert dict(anonymous.get(path).context["given"])["Waar"] == "Havenweg 9, Noord"


def test_a_location_or_department_of_another_company_is_refused(
    world, anonymous, path, asked, guided, workshop
):
    home = str(world.noord.locations[1].pk)
    department_of(world.noord.companies[1])
    strange = department_of(world.noord.companies[0])
    for forged, wrong in (
        ({"location": str(world.noord.locations[0].pk)}, "location"),
        ({"location": home, "department": str(strange.pk)}, "department"),
    ):
        response = anonymous.post(path, guided(**forged))
        assert (response.status_code, set(response.context["form"].errors)) == (422, {wrong})
        assert response.context["form"].parts_open
    assert place_of(asked) is None


def test_whoever_called_cannot_send_a_student_to_another_company_either(
    world, coordinator, asked, guided, workshop
):
    url = f"/bedrijven/uitnodigingen/{asked.public_id}/gebeld/"
    strange = str(world.noord.locations[0].pk)
    page = coordinator.get(url + "?antwoord=yes").content.decode()
    assert f'value="{workshop.pk}"' in page
    assert f'name="location" value="{strange}"' not in page
    refused = coordinator.post(url, guided(location=strange, via="phone"))
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"location"})
    assert place_of(asked) is None


def test_a_department_can_be_chosen_and_left_again(world, anonymous, path, asked, guided):
    plates = department_of(world.noord.companies[1])
    anonymous.post(path, guided(department=str(plates.pk)))
    assert place_of(asked).offer.department_id == plates.pk
    assert anonymous.get(path + "?antwoord=yes").context["form"].parts_open
    anonymous.post(path, guided(department="", seen=seen_of(asked)))
    assert place_of(asked).offer.department_id is None


def test_a_department_goes_with_its_own_location(world, anonymous, path, asked, guided, workshop):
    plates = department_of(world.noord.companies[1], location=workshop)
    choice = {"department": str(plates.pk)}
    response = anonymous.post(path, guided(location=str(world.noord.locations[1].pk), **choice))
    assert set(response.context["form"].errors) == {"department"}
    anonymous.post(path, guided(location=str(workshop.pk), **choice))
    offer = place_of(asked).offer
    assert (offer.location, offer.department_id) == (workshop, plates.pk)


# --- what other schools have already ----------------------------------------------------------


@pytest.fixture
def elsewhere(world, asked) -> Place:
    """Three places that the garage gives Els at the same time."""
    period = next_group(world.els).period
    with use(SYSTEM):
        return offered(
            period,
            world.noord.companies[1],
            how_many=3,
            location=world.noord.locations[1],
            tasks="Banden wisselen",
        )


TOLD = "al 3 plekken aan Els. Wat u hier opgeeft, komt daarbij."


def test_the_company_reads_what_it_gives_another_school_and_the_school_does_not(
    world, anonymous, coordinator, path, asked, elsewhere
):
    assert TOLD in text_of(anonymous.get(path + "?antwoord=yes"))
    url = f"/bedrijven/uitnodigingen/{asked.public_id}/"
    contact = client_of_contact(world.noord.contacts[1])
    assert TOLD in text_of(contact.get(url + "?antwoord=yes"))
    called = coordinator.get(url + "gebeld/?antwoord=yes")
    assert 'name="tasks"' in text_of(called)
    assert "Els" not in text_of(called)


def test_a_link_alone_does_not_change_words_that_another_school_shares(
    world, anonymous, path, asked, guided, elsewhere
):
    page = text_of(anonymous.get(path + "?antwoord=yes"))
    assert "Banden wisselen" in page
    assert 'name="tasks"' not in page
    anonymous.post(path, guided(tasks="Alles is anders"))
    offer = place_of(asked).offer
    assert offer.pk == elsewhere.offer_id
    assert (offer.tasks, offer.how_many) == ("Banden wisselen", 5)


def test_who_proved_the_mailbox_does_change_them(world, asked, guided, elsewhere):
    client = client_of_contact(world.noord.contacts[1])
    url = f"/bedrijven/uitnodigingen/{asked.public_id}/"
    client.post(url, guided(tasks="Olie verversen"))
    offer = place_of(asked).offer
    assert (offer.pk, offer.tasks) == (elsewhere.offer_id, "Olie verversen")


def test_this_form_takes_nothing_from_another_school(anonymous, path, asked, guided, elsewhere):
    anonymous.post(path, guided(how_many="4"))
    anonymous.post(path, guided(how_many="1", seen=seen_of(asked)))
    anonymous.post(path, {"answer": "no", "no_reason": "full", "seen": seen_of(asked)})
    with use(SYSTEM):
        theirs = Place.objects.select_related("offer").get(pk=elsewhere.pk)
    assert (theirs.how_many, theirs.state) == (3, "open")
    assert theirs.offer.how_many >= 3


def test_what_a_school_had_at_another_time_is_not_told(anonymous, path, world):
    """Els has the bakery and the garage of its own period, weeks before."""
    with use(SYSTEM):
        offered(world.els.period, world.noord.companies[1], how_many=3)
    assert "Els" not in text_of(anonymous.get(path + "?antwoord=yes"))


# --- a snuffelstage ---------------------------------------------------------------------------


def test_a_snuffelstage_asks_no_hours_tasks_or_department(world, anonymous, path, asked, guided):
    with use(SYSTEM):
        type(asked.period).objects.filter(pk=asked.period_id).update(kind="taster")
    form = anonymous.get(path + "?antwoord=yes").context["form"]
    assert not {"day_from", "day_to", "tasks", "department"} & set(form.fields)
    assert {"how_many", "weekdays", "not_on", "supervisor"} <= set(form.fields)
    text = text_of(anonymous.get(path + "?antwoord=yes"))
    assert "Wie ontvangt de leerling?" in text
    assert "Mag er een leerling bij u komen kijken?" in text_of(anonymous.get(path))
    assert "Andere werktijden" not in text
    anonymous.post(path, guided(day_from="06:00", day_to="14:00"))
    place = place_of(asked)
    assert place.day_from is None
    assert place.how_many >= 1
