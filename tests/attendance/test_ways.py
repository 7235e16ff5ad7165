"""How a school wants its students signed in: what the student sees, and what counts."""

import pytest
from django.urls import reverse

from attendance.models import AttendanceSettings, CheckIn, FailedScan
from companies.models import Company
from stage.core.tenants.tenancy import SYSTEM, use
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
