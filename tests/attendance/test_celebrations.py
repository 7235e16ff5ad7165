"""The first day and a full week are told; not more than is so."""

from datetime import timedelta

from django.urls import reverse

from tests.attendance.helpers import FRIDAY, MONDAY, TUESDAY, at, checked_in
from tests.clients import client_of

DONE = reverse("attendance:check_in_done")
WEEK = reverse("attendance:week")


def page(world, address, day, clock="16:00") -> str:
    with at(day, clock):
        return client_of(world.berk.logins[0]).get(address).content.decode()


def test_the_first_day_and_no_other(world):
    checked_in(world.berk.placement, MONDAY)
    checked_in(world.berk.placement, TUESDAY)
    assert "Je eerste dag bij Bakkerij Noord" in page(world, DONE, MONDAY, "09:00")
    assert "Je eerste dag" not in page(world, DONE, TUESDAY, "09:00")


def test_a_full_week_once_the_last_day_is_there(world):
    days = [MONDAY + timedelta(days=n) for n in range(5)]
    for day in days[:4]:
        checked_in(world.berk.placement, day)
    assert "Een volle week" not in page(world, WEEK, days[3])
    assert "Een volle week" not in page(world, WEEK, FRIDAY)
    checked_in(world.berk.placement, FRIDAY)
    assert "Je was er alle 5 dagen" in page(world, WEEK, FRIDAY)
