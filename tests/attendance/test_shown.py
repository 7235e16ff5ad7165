"""A code on the student's phone: the supervisor scans it; nobody else changes a thing."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from attendance.models import CheckIn
from attendance.services import shown
from tests.attendance.helpers import MONDAY, SATURDAY, at, everything, ill
from tests.clients import client_of, client_of_contact


def scanned(code: str) -> str:
    return reverse("attendance:code_scanned", args=[code])


def present(code: str) -> str:
    return reverse("attendance:code_present", args=[code])


def later(seconds: int):
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False)


def test_a_student_shows_a_code_and_the_supervisor_presses_once(world):
    ill(world.berk.placement, MONDAY)
    with at(MONDAY, "08:20"):
        page = client_of(world.berk.logins[0]).get(reverse("attendance:code_show"))
        assert "data:image/svg+xml" in page.content.decode()
        code = shown.code_of(world.berk.placement)
        supervisor = client_of_contact(world.noord.supervisors[0])
        assert "Aya" in supervisor.get(scanned(code)).content.decode()
        assert everything(CheckIn) == []
        done = supervisor.post(present(code), follow=True).content.decode()
        assert re.search(r"Aya[^<]* is er\.", done)
        assert "al aangemeld" in supervisor.post(present(code), follow=True).content.decode()
    (row,) = everything(CheckIn)
    assert (row.method, row.flags, timezone.localtime(row.at).hour) == ("shown", [], 8)


@pytest.mark.parametrize(("seconds", "counts"), [(60, True), (61, False)])
def test_a_code_is_scanned_within_a_minute(world, seconds, counts):
    with at(MONDAY):
        code = shown.code_of(world.berk.placement)
        with later(seconds):
            supervisor = client_of_contact(world.noord.supervisors[0])
            page = supervisor.get(scanned(code)).content.decode()
    assert ("Is er" in page) == counts
    assert ("Deze code telt niet meer" in page) != counts


@pytest.mark.parametrize(("seconds", "n"), [(300, 1), (301, 0)])
def test_and_pressed_within_five(world, seconds, n):
    with at(MONDAY):
        code = shown.code_of(world.berk.placement)
        with later(seconds):
            client_of_contact(world.noord.supervisors[0]).post(present(code))
    assert len(everything(CheckIn)) == n


@pytest.mark.parametrize(
    ("day", "clock", "flag"),
    [
        (MONDAY, "08:45", []),
        (MONDAY, "08:46", ["late"]),
        (SATURDAY, "08:20", ["unplanned_day"]),
    ],
)
def test_what_is_odd_is_flagged(world, day, clock, flag):
    with at(day, clock):
        code = shown.code_of(world.berk.placement)
        client_of_contact(world.noord.supervisors[0]).post(present(code))
    assert everything(CheckIn)[0].flags == flag


def test_everybody_else_is_told_what_to_do_and_changes_nothing(world, client):
    with at(MONDAY):
        code = shown.code_of(world.berk.placement)
        for somebody in (
            client,
            client_of(world.berk.logins[0]),
            client_of(world.berk.coordinator),
            client_of_contact(world.noord.contacts[1]),
        ):
            page = somebody.get(scanned(code)).content.decode()
            assert "Er is niets veranderd" in page
            assert "Aya" not in page
            assert somebody.post(present(code)).status_code in (302, 403, 404)
    assert everything(CheckIn) == []


def test_a_forged_code_is_none(world):
    with at(MONDAY):
        code = shown.code_of(world.berk.placement)[:-3] + "abc"
        supervisor = client_of_contact(world.noord.supervisors[0])
        assert "Deze code telt niet meer" in supervisor.get(scanned(code)).content.decode()
        supervisor.post(present(code))
    assert everything(CheckIn) == []
