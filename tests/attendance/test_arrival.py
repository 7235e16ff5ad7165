"""The button's answer is the page that says "you are in"; sent again, it counts once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.models import CheckIn
from companies.models import Location
from placements.models import Placement, PlannedDay
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import (
    MONDAY,
    SATURDAY,
    TUESDAY,
    at,
    checked_in,
    confirmed,
    everything,
    ill,
)
from tests.clients import client_of

CHECK_IN = reverse("attendance:check_in")
DONE = reverse("attendance:check_in_done")
NONCE = "a1b2c3d4-0000"  # what the page's script gives the form
SECRETS = re.compile(r'data-lives-at="[^"]*"|value="[^"]{60,}"|nonce="[^"]*"')


def poster(world, n=0) -> str:
    with use(SYSTEM):
        return Location.objects.get(pk=world.noord.locations[n].pk).poster_code


def press(client, code, **more):
    return client.post(CHECK_IN, {"code": code, "method": "poster", "stage_nonce": NONCE, **more})


def main_of(response) -> str:
    """What the page says, without what differs from page to page."""
    page = SECRETS.sub("", response.content.decode())
    return " ".join(page.partition("<main")[2].partition("</main>")[0].split()).replace(" >", ">")


def unsigned(world):
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(state="agreement")


CASES = {
    "in time, the first day": (MONDAY, "08:20", 0, None),
    "late": (TUESDAY, "09:30", 0, None),
    "after the last hour": (TUESDAY, "15:45", 0, None),
    "a day that is not planned": (SATURDAY, "10:00", 0, None),
    "another company's poster": (TUESDAY, "08:20", 1, None),
    "not signed yet": (TUESDAY, "08:20", 0, unsigned),
}


@pytest.mark.parametrize("name", CASES)
def test_the_answer_says_what_the_page_says_that_is_read(world, name):
    day, clock, n, change = CASES[name]
    if change:
        change(world)
    with at(day, clock):
        client = client_of(world.berk.logins[0])
        answer = press(client, poster(world, n))
        assert (answer.status_code, len(everything(CheckIn))) == (200, 1)
        assert "Je bent er" in main_of(answer)
        assert main_of(answer) == main_of(client.get(DONE))
    assert f'data-lives-at="{DONE}"' in answer.content.decode()


def test_sent_again_it_leads_to_the_page_and_counts_once(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        press(client, poster(world))
        again = press(client, poster(world))
        assert (again.status_code, again["Location"]) == (302, DONE)
        another = press(client, poster(world), stage_nonce="another-word-1")
        assert (another.status_code, another["Location"]) == (302, DONE)
    assert len(everything(CheckIn)) == 1


def test_without_the_pages_script_it_leads_there_at_once(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        answer = press(client, poster(world), stage_nonce="")
    assert (answer.status_code, answer["Location"]) == (302, DONE)


def test_who_comes_back_reads_it_at_once(world):
    ill(world.berk.placement, MONDAY)
    with at(TUESDAY):
        client = client_of(world.berk.logins[0])
        page = client.get(reverse("attendance:scan_open", args=[poster(world)]))
        assert "Je staat op ziek" in page.content.decode()
        assert "Welkom terug. Je bent weer beter gemeld." in main_of(press(client, poster(world)))


def open_poster(world, day, n=0) -> str:
    with at(day):
        path = reverse("attendance:scan_open", args=[poster(world, n)])
        return main_of(client_of(world.berk.logins[0]).get(path))


def test_the_posters_page_says_what_is_odd_before_the_press(world):
    assert "Bakkerij Noord" in open_poster(world, TUESDAY)
    assert "Jouw stage is bij Bakkerij Noord" in open_poster(world, TUESDAY, 1)
    assert "Garage Noord" in open_poster(world, TUESDAY, 1)
    assert "Vandaag staat niet in je planning" in open_poster(world, SATURDAY)
    unsigned(world)
    assert "Je overeenkomst is nog niet getekend" in open_poster(world, TUESDAY)


def test_the_posters_page_knows_who_is_in(world):
    checked_in(world.berk.placement, TUESDAY, "08:11")
    assert "Je was er om 08:11" in open_poster(world, TUESDAY)
    confirmed(world.berk.placement, {TUESDAY: 0})
    assert "Je bent er al" not in open_poster(world, TUESDAY)
    confirmed(world.berk.placement, {TUESDAY: 390}, version=2)
    assert "Je bent er al" in open_poster(world, TUESDAY)


def test_who_has_no_placement_finds_the_button_all_the_same(world):
    with use(SYSTEM):
        PlannedDay.objects.filter(placement=world.berk.placement).delete()
        Placement.objects.filter(pk=world.berk.placement.pk).update(state="cancelled")
    assert "Ik ben er" in open_poster(world, TUESDAY)


def test_an_arrival_asks_little_of_the_database(world):
    code = poster(world)
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        with CaptureQueriesContext(connection) as page:
            client.get(reverse("attendance:scan_open", args=[code]))
        with CaptureQueriesContext(connection) as pressed:
            assert press(client, code).status_code == 200
    # Session, roles, the brake on guessing, the poster, and how the school looks.
    assert len([q for q in page if "SAVEPOINT" not in q["sql"]]) <= 5
    # As well the nonce (its lock, its row, and the row that is kept), the arrival and its entry.
    assert len([q for q in pressed if "SAVEPOINT" not in q["sql"]]) <= 10


def test_taken_back_and_then_sent_once_more_it_is_not_counted_again(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        press(client, poster(world))
        client.post(reverse("attendance:check_in_undo"))
        again = press(client, poster(world))
    assert (again.status_code, again["Location"]) == (302, DONE)
    assert [bool(row.withdrawn_at) for row in everything(CheckIn)] == [True]
