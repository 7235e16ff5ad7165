"""How a school wants its students signed in: what the student sees, and what counts."""

import pytest
from django.urls import reverse

from attendance.models import AttendanceSettings, CheckIn, FailedScan
from attendance.queries.arrival import Chance, chances_of
from attendance.queries.staff import groups_on, staff_day
from attendance.queries.student import today_of_student
from attendance.ways import ways_of
from companies.models import Company, CompanyChange, Location
from placements.models import Placement
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import actor_of_membership
from tests.attendance.helpers import FRIDAY, MONDAY, WEEK, at
from tests.clients import client_of, client_of_contact

HOME = reverse("web:home")
TYPED = reverse("attendance:scan_typed")
CHECK_IN = reverse("attendance:check_in")


def choose(world, way):
    with use(SYSTEM):
        AttendanceSettings.objects.filter(school=world.berk.school).update(way=way)


def poster(world) -> str:
    with use(SYSTEM):
        world.noord.locations[0].refresh_from_db()
        return world.noord.locations[0].poster_code


def ways_in(world) -> list[str]:
    with use(SYSTEM):
        return [c.method for c in CheckIn.objects.filter(school=world.berk.school)]


def text_of(client, url) -> str:
    return client.get(url).content.decode()


def test_the_poster_where_the_school_did_not_choose(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        assert "Scan de code op de poster" in text_of(client, HOME)
        assert client.post(CHECK_IN, {}).status_code == 422
        assert client.post(CHECK_IN, {"code": poster(world)}).status_code == 302
    assert ways_in(world) == ["poster"]


def test_a_student_reports_itself_with_one_press(world):
    choose(world, "student")
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        home = text_of(client, HOME)
        assert "Druk op de knop als je er bent" in home
        assert f'action="{CHECK_IN}"' in home
        assert "bevestigt je dagen aan het eind van de week" in text_of(client, TYPED)
        assert client.post(CHECK_IN, {}).status_code == 302
    assert ways_in(world) == ["self"]
    # The company's word on the week decides: it sees the day as any other.
    page = reverse("attendance:week_confirm", args=[WEEK])
    with at(FRIDAY, "18:00"):
        assert "Aya" in text_of(client_of_contact(world.noord.supervisors[0]), page)


def test_where_the_supervisor_ticks_a_scan_does_not_count(world):
    choose(world, "supervisor")
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        home = text_of(client, HOME)
        assert "houdt bij wie er is" in home
        assert "Ik ben er" not in home
        assert "Je hoeft je niet te melden" in text_of(client, TYPED)
        open_page = reverse("attendance:scan_open", args=[poster(world)])
        assert "Ik ben er" not in text_of(client, open_page)
        refused = client.post(CHECK_IN, {"code": poster(world)})
        assert refused.status_code == 422
        assert "Je hoeft je niet te melden" in refused.content.decode()
        supervisor = client_of_contact(world.noord.supervisors[0])
        present = reverse("attendance:company_present", args=[world.berk.placement.public_id])
        assert present in text_of(supervisor, reverse("attendance:company_today"))
        supervisor.post(present)
        assert "Aan het werk tot 15:30" in text_of(client, HOME)
    assert ways_in(world) == ["supervisor"]
    with use(SYSTEM):
        assert [f.reason for f in FailedScan.objects.all()] == ["by_company"]


@pytest.mark.parametrize(("own", "way"), [("student", "supervisor"), ("supervisor", "student")])
def test_what_a_company_agreed_goes_before_the_schools_choice(world, own, way):
    choose(world, way)
    with use(SYSTEM):
        Company.objects.filter(pk=world.noord.companies[0].pk).update(attendance_mode=own)
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        answer = client.post(CHECK_IN, {})
    assert answer.status_code == (302 if own == "student" else 422)


def test_one_schools_choice_is_not_anothers(world):
    choose(world, "supervisor")
    with at(MONDAY):
        client = client_of(world.els.logins[0])
        assert "Scan de code op de poster" in text_of(client, HOME)


@pytest.mark.parametrize(
    ("here", "company", "school", "way"),
    [
        ("", "qr", "qr", "qr"),
        ("", "qr", "student", "student"),
        ("", "supervisor", "student", "supervisor"),
        ("", "screen", "qr", "screen"),
        ("screen", "qr", "student", "screen"),
        ("student", "supervisor", "qr", "student"),
        # Said of this location, the poster is no beginning that the school fills in.
        ("qr", "supervisor", "student", "qr"),
        ("qr", "qr", "supervisor", "qr"),
    ],
)
def test_a_location_goes_before_its_company_and_every_reader_says_the_same(
    world, here, company, school, way
):
    choose(world, school)
    with use(SYSTEM):
        Company.objects.filter(pk=world.noord.companies[0].pk).update(attendance_mode=company)
        place = Placement.objects.get(pk=world.berk.placement.pk)
        Location.objects.filter(pk=place.location_id).update(attendance_mode=here)
    student = actor_of_membership(world.berk.logins[0])
    supervisor = world.company_actor(world.noord.supervisors[0])
    with at(MONDAY):
        with use(student.scope):
            assert today_of_student(student).mode == way
            (chance,) = chances_of(student, MONDAY, poster(world), kind=Chance)
            assert (chance.way, chance.poster_way) == (way, way)
        with use(supervisor.scope):
            assert ways_of([place]) == {place.pk: way}
        staff = actor_of_membership(world.berk.coordinator)
        with use(staff.scope):
            (mine,) = [t for t in staff_day(staff, MONDAY) if t.placement_id == place.pk]
            assert (mine.group == "by_company") == (way == "supervisor")
            assert groups_on(staff, MONDAY)["by_company"] == (way == "supervisor")


def test_a_company_says_that_its_poster_does_not_count(world):
    place = world.noord.locations[0]
    page = reverse("companies:location_edit", args=[place.company.public_id, place.public_id])
    contact = client_of_contact(world.noord.contacts[0])
    assert "Zoals bij het hele bedrijf" in text_of(contact, page)
    sent = {"street": place.street, "postcode": place.postcode, "city": place.city}
    assert contact.post(page, {**sent, "attendance_mode": "screen"}).status_code == 302
    with use(SYSTEM):
        assert Location.objects.get(pk=place.pk).attendance_mode == "screen"
        # The schools that work there hear of it.
        assert CompanyChange.objects.latest("pk").after == {"attendance_mode": "screen"}
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        assert "op het scherm bij Bakkerij Noord" in text_of(client, HOME)
        assert "Scan de code op het scherm" in text_of(client, TYPED)
        assert client.post(CHECK_IN, {"code": poster(world)}).status_code == 422
    assert ways_in(world) == []


def test_a_poster_that_was_refused_counts_for_nobody(world):
    """Also not for who works at another location of the company, where posters do."""
    with use(SYSTEM):
        place = world.noord.locations[0]
        own = Location.objects.create(region_id=place.region_id, company=place.company, city="Ede")
        Placement.objects.filter(pk=world.berk.placement.pk).update(location=own)
        Location.objects.filter(pk=place.pk).update(attendance_mode="screen")
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        assert client.post(CHECK_IN, {"code": poster(world)}).status_code == 422
        with use(SYSTEM):
            own.refresh_from_db()
        assert client.post(CHECK_IN, {"code": own.poster_code}).status_code == 302
    assert ways_in(world) == ["poster"]


@pytest.mark.parametrize(
    ("way", "words", "printed"),
    [
        ("qr", "scant de poster bij de ingang", True),
        ("screen", "scant de code op het scherm", False),
        ("student", "meldt zich op de eigen telefoon", False),
        ("supervisor", "", False),
    ],
)
def test_the_company_reads_what_the_student_does(world, way, words, printed):
    with use(SYSTEM):
        Company.objects.filter(pk=world.noord.companies[0].pk).update(attendance_mode=way)
    with at(MONDAY):
        page = text_of(
            client_of_contact(world.noord.supervisors[0]), reverse("attendance:company_today")
        )
    assert words in page
    assert ("lukt dat niet" in page) == bool(words)
    # A poster that nobody scans is not printed either.
    shown = reverse("companies:company_show", args=[world.noord.companies[0].public_id])
    assert ("/poster/" in text_of(client_of(world.berk.coordinator), shown)) == printed
