"""Nobody was seen and nobody said a word: who is mailed, when, and that it never happens twice."""

import threading
from datetime import date, time

import pytest
from django.core import mail as sent_mail
from django.db import connections
from django.urls import reverse

from attendance import tasks
from attendance.models import Alarm, AttendanceSettings, Called
from placements.models import Placement, PlannedDay
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import (
    MONDAY,
    SATURDAY,
    about,
    another_placement,
    at,
    checked_in,
    everything,
    ill,
)
from tests.clients import client_of


def alarms_at(clock: str, day=MONDAY) -> list[str]:
    with at(day, clock):
        tasks.raise_alarms()
    return [alarm.step for alarm in everything(Alarm)]


def posts(world) -> list[tuple[str, int]]:
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(event="alarm_raised", school=world.berk.school)
        return list(rows.order_by("pk").values_list("person_kind", "person_id"))


@pytest.fixture
def berk_only(world):
    """The other schools have nobody at work."""
    with use(SYSTEM):
        PlannedDay.objects.exclude(placement=world.berk.placement).delete()
    return world


def test_half_an_hour_after_the_start_the_teacher_and_an_hour_the_coordinator(berk_only):
    world = berk_only
    assert alarms_at("08:59") == []
    assert alarms_at("09:00") == ["teacher"]
    assert posts(world) == [("membership", world.berk.teacher.pk)]
    assert alarms_at("09:29") == ["teacher"]
    assert alarms_at("09:30") == ["teacher", "coordinator"]
    assert alarms_at("09:31") == ["teacher", "coordinator"]
    told = {("membership", m.pk) for m in (world.berk.teacher, world.berk.coordinator)}
    assert (len(posts(world)), set(posts(world))) == (2, told)


def test_the_school_sets_both_limits_and_whether_the_family_hears(berk_only):
    world = berk_only
    with use(SYSTEM):
        AttendanceSettings.objects.filter(school=world.berk.school).update(
            alarm_after_minutes=20, alarm_next_minutes=25, alarm_guardians=True
        )
    assert alarms_at("08:49") == []
    assert alarms_at("08:50") == ["teacher"]
    assert sorted(posts(world)) == sorted(
        [("membership", world.berk.teacher.pk), ("guardian", world.berk.guardians[0].pk)]
    )
    assert alarms_at("08:55") == ["teacher", "coordinator"]


def test_who_said_to_come_later_is_missed_after_that(berk_only):
    ill(berk_only.berk.placement, MONDAY, kind="late", at_time=time(10, 0), ends=MONDAY)
    assert alarms_at("10:29") == []
    assert alarms_at("10:30") == ["teacher"]


def test_nothing_after_a_check_in_a_report_or_a_call(berk_only):
    placement = berk_only.berk.placement
    row = checked_in(placement, MONDAY)
    assert alarms_at("09:45") == []
    with use(SYSTEM):
        row.delete()
    away = ill(placement, MONDAY)
    assert alarms_at("09:45") == []
    with use(SYSTEM):
        away.delete()
        Called.objects.create(**about(placement), date=MONDAY, by=berk_only.berk.teacher)
    assert alarms_at("09:45") == []


def test_a_call_stops_the_second_step(berk_only):
    alarms_at("09:00")
    with at(MONDAY, "09:10"):
        placement = berk_only.berk.placement
        client = client_of(berk_only.berk.teacher)
        client.post(reverse("attendance:called", args=[placement.public_id, MONDAY]))
    assert alarms_at("09:45") == ["teacher"]


def test_nothing_on_a_free_day_one_that_was_called_off_or_after_the_hours(berk_only):
    assert alarms_at("10:00", SATURDAY) == []
    assert alarms_at("15:31") == []
    with use(SYSTEM):
        PlannedDay.objects.filter(date=MONDAY).delete()
    assert alarms_at("10:00") == []


def test_two_missing_students_are_one_mail_and_who_was_heard_of_is_left_out(berk_only):
    world = berk_only
    other = another_placement(world.berk, world.noord, 1)
    with use(SYSTEM):
        Placement.objects.filter(pk=other.pk).update(created_at=world.berk.placement.created_at)
    assert alarms_at("09:00") == ["teacher", "teacher"]
    assert len(posts(world)) == 1
    checked_in(other, MONDAY, "09:01")
    with at(MONDAY, "09:02"):
        delivery.deliver()
        letter = next(m for m in sent_mail.outbox if m.to == [world.berk.teacher.email])
        page = client_of(world.berk.teacher).get(reverse("attendance:today")).content.decode()
    assert letter.subject == "Aya is niet gezien"
    assert "Bram" not in letter.body
    assert "Stagebegeleider gemaild om 09:00" in page


@pytest.mark.parametrize("day", [date(2027, 3, 29), date(2027, 10, 25), date(2027, 3, 28)])
def test_around_the_change_of_the_clock_half_an_hour_is_half_an_hour(berk_only, day):
    placement = berk_only.berk.placement
    with use(SYSTEM):
        PlannedDay.objects.filter(placement=placement).delete()
        hours = {"day_from": time(8, 30), "day_to": time(15, 30), "break_minutes": 30}
        PlannedDay.objects.create_about(placement, date=day, **hours)
    assert alarms_at("08:59", day) == []
    assert alarms_at("09:00", day) == ["teacher"]


def test_two_workers_at_once_raise_one_alarm(committed_world):
    world = committed_world
    with use(SYSTEM):
        PlannedDay.objects.exclude(placement=world.berk.placement).delete()
    barrier = threading.Barrier(2)

    def work():
        try:
            barrier.wait()
            tasks.raise_alarms()
        finally:
            connections.close_all()

    with at(MONDAY, "09:05"):
        threads = [threading.Thread(target=work) for _n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [alarm.step for alarm in everything(Alarm)] == ["teacher"]
    assert len(posts(world)) == 1
