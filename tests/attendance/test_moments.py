"""What is so now: student, teacher and company read the same, whatever the clock says."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from attendance import queries, services
from attendance.models import Absence
from attendance.moments import Moment
from companies.models import Company
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    TUESDAY,
    at,
    checked_in,
    ill,
    reported,
)
from tests.clients import client_of, client_of_contact, client_of_guardian

# The day is from 08:30 to 15:30, and late is a quarter of an hour after the first hour.
ROOT = Path(__file__).parents[2]
HOME, TODAY = "/", reverse("attendance:today")
REPORT = reverse("attendance:absence_report")
UNDO = reverse("attendance:absence_undo")
COMPANY = reverse("attendance:company_today")


def nothing(world):
    """Nobody said anything."""


def in_on_time(world):
    checked_in(world.berk.placement, MONDAY, "08:21")


def in_late(world):
    checked_in(world.berk.placement, MONDAY, "08:55", flags=["late"])


def written(world):
    in_on_time(world)
    reported(world.berk.placement, MONDAY)


def asked(world):
    with use(SYSTEM):
        Company.objects.filter(pk=world.noord.companies[0].pk).update(day_end="breaks")
    in_on_time(world)


def in_pause(world):
    asked(world)
    checked_in(world.berk.placement, MONDAY, "12:02", kind="pause", method="self")


def gone(world):
    asked(world)
    checked_in(world.berk.placement, MONDAY, "15:28", kind="end", method="self")


def comes_at_ten(world):
    ill(world.berk.placement, MONDAY, kind="late", ends=MONDAY, at_time="10:00")


def is_ill(world):
    ill(world.berk.placement, MONDAY)


def is_better(world):
    with at(MONDAY, "08:40"):
        actor = world.actor(world.berk.teacher)
        row = ill(world.berk.placement, MONDAY)
        with use(SYSTEM):
            Absence.objects.filter(pk=row.pk).update(reported_at="2027-01-11T06:00:00Z")
            row.refresh_from_db()
        with use(actor.scope):
            services.close_absence(row, actor=actor)


def at_the_dentist(world):
    ill(world.berk.placement, MONDAY, kind="appointment", ends=MONDAY)


# In words of `docs/day.md`, which holds the table.
SITUATIONS = {
    "nobody said anything": nothing,
    "checked in at 08:21": in_on_time,
    "checked in at 08:55": in_late,
    "checked in, report written": written,
    "asked, in at 08:21": asked,
    "asked, in pause since 12:02": in_pause,
    "asked, gone at 15:28": gone,
    "said to come at 10:00": comes_at_ten,
    "said to be ill": is_ill,
    "ill, and better at 08:40": is_better,
    "said to be at the dentist": at_the_dentist,
}


def table() -> list[tuple]:
    """Situation, clock -> moment; what the student, the teacher and the company read."""
    text = (ROOT / "docs" / "day.md").read_text()
    rows = [re.split(r" *\| *", line.strip("| ")) for line in text.splitlines() if "| " in line]
    return [(SITUATIONS[words], clock, Moment(m), *said) for words, clock, m, *said in rows[1:]]


TABLE = table()


def test_the_table_of_the_documents_is_whole():
    assert {row[0] for row in TABLE} == set(SITUATIONS.values())
    unseen = {Moment.NO_PLACEMENT, Moment.UNSIGNED, Moment.FREE}  # tests of their own, below
    assert {row[2] for row in TABLE} == set(Moment) - unseen


@pytest.mark.parametrize(
    ("situation", "clock", "moment", "own", "teachers", "companys"),
    TABLE,
    ids=[f"{row[0].__name__}-{row[1]}" for row in TABLE],
)
def test_everybody_reads_the_same(world, situation, clock, moment, own, teachers, companys):
    situation(world)
    student = world.actor(world.berk.logins[0])
    with at(MONDAY, clock):
        with use(student.scope):
            assert queries.today_of_student(student).moment == moment
        assert own in client_of(world.berk.logins[0]).get(HOME).content.decode()
        desk = client_of(world.berk.teacher).get(TODAY).content.decode()
        assert f">{teachers}</span>" in desk.replace("\n", "").replace("  ", "") or teachers in desk
        here = client_of_contact(world.noord.supervisors[0]).get(COMPANY).content.decode()
        assert companys in here


def test_on_a_day_off_the_next_day_is_told(world):
    student = world.actor(world.berk.logins[0])
    with at(SATURDAY), use(student.scope):
        assert queries.today_of_student(student).moment == Moment.FREE
    with at(SATURDAY):
        assert "Je volgende dag" in client_of(world.berk.logins[0]).get(HOME).content.decode()


def test_later_tomorrow_is_no_news_of_today(world):
    with at(MONDAY, "20:00"):
        sent = {"kind": "late", "when": "tomorrow", "at_time": "10:00"}
        client_of(world.berk.logins[0]).post(REPORT, sent)
    with at(TUESDAY, "08:50"):
        assert "Je komt later: 10:00" in client_of(world.berk.logins[0]).get(HOME).content.decode()
        assert "Niet gezien" not in client_of(world.berk.teacher).get(TODAY).content.decode()


def test_who_goes_sooner_is_at_work_until_then(world):
    checked_in(world.berk.placement, MONDAY, "08:21")
    with at(MONDAY, "11:00"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, {"kind": "early", "when": "today", "at_time": "14:00"})
        assert "Aan het werk tot 14:00" in client.get(HOME).content.decode()
        assert "Gaat om 14:00 weg" in client_of(world.berk.teacher).get(TODAY).content.decode()
    with at(MONDAY, "14:05"):
        assert "Schrijf je dagverslag" in client.get(HOME).content.decode()


@pytest.mark.parametrize(
    ("kind", "at_time", "says"),
    [
        ("late", "", "Vul in hoe laat"),
        ("late", "07:00", "Kies een tijd daartussen"),
        ("late", "15:30", "Kies een tijd daartussen"),
        ("early", "15:30", "Kies een tijd daarvoor"),
    ],
)
def test_a_time_that_cannot_be_is_refused_beside_its_field(world, kind, at_time, says):
    with at(MONDAY, "07:30"):
        sent = {"kind": kind, "when": "today", "at_time": at_time, "note": "blijft"}
        page = client_of(world.berk.logins[0]).post(REPORT, sent)
    assert page.status_code == 422
    html = page.content.decode()
    assert says in html
    assert "blijft" in html
    assert 'id="id_at_time_error"' in html


def test_the_undoing_of_each_screen_is_there_for_whom_it_is(world):
    with at(MONDAY, "08:00"):
        ill(world.berk.placement, MONDAY, reported_kind="guardian")
        assert UNDO not in client_of(world.berk.logins[0]).get(HOME).content.decode()
        page = reverse("attendance:guardian_absence")
        assert "Toch niet" in client_of_guardian(world.berk.guardians[0]).get(page).content.decode()
    with at(FRIDAY, "08:00"):  # told long ago: now one reports better
        page = client_of_guardian(world.berk.guardians[0]).get(page).content.decode()
        assert "Toch niet" not in page
        assert "Ja, weer beter" in page
