"""A row opened beside its list is the page behind it: the same rules, no frame, written down."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.queries import days_of
from attendance.queries.strips import strips_of
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Student
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    TUESDAY,
    at,
    checked_in,
    confirmed,
    ill,
)
from tests.clients import client_of

BESIDE = {"HX-Request": "true", "HX-Target": "panel"}


def rows_of(world) -> dict[str, object]:
    """What each list opens beside it, by the route of the page."""
    return {
        "schools:student_show": world.berk.students[0],
        "companies:company_show": world.noord.companies[0],
        "placements:placement_show": world.berk.placement,
    }


def beside(member, name: str, row) -> object:
    return client_of(member).get(reverse(name, args=[row.public_id]), headers=BESIDE)


@pytest.mark.parametrize(
    "name", ["schools:student_show", "companies:company_show", "placements:placement_show"]
)
def test_the_panel_is_the_page_without_its_frame(world, name):
    row = rows_of(world)[name]
    answer = beside(world.berk.coordinator, name, row)
    panel = answer.content.decode()
    assert panel.count('class="side-panel"') == 1
    assert "data-panel-close" in panel
    for frame in ("topbar", "desk-nav", "<h1", "<title"):
        assert frame not in panel
    assert f'href="{reverse(name, args=[row.public_id])}"' in panel  # as a whole page
    assert "HX-Target" in answer["Vary"]
    page = client_of(world.berk.coordinator).get(reverse(name, args=[row.public_id]))
    assert "side-panel" not in page.content.decode()
    assert "topbar" in page.content.decode()


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("schools:student_list", "schools:student_show"),
        ("companies:company_list", "companies:company_show"),
        ("placements:placement_list", "placements:placement_show"),
    ],
)
def test_a_row_is_a_link_that_says_what_it_opens(world, listed, name):
    row = rows_of(world)[name]
    page = client_of(world.berk.coordinator).get(reverse(listed)).content.decode()
    assert f'data-opens="{row.public_id}"' in page
    assert f'href="{reverse(name, args=[row.public_id])}"' in page


def test_a_teacher_sees_no_more_of_a_stranger_in_the_panel(world):
    with use(SYSTEM):
        stranger = world.berk.students[2]
        Student.objects.filter(pk=stranger.pk).update(
            mentor=world.berk.colleague, number="geheim-77"
        )
    panel = beside(world.berk.teacher, "schools:student_show", stranger).content.decode()
    assert "Cem Berk" in panel
    for secret in ("cem@berk.test", "geheim-77", "15-03-2011", "ouder.cem@berk.test"):
        assert secret not in panel


def test_another_school_has_no_panel_of_it(world):
    for name in ("schools:student_show", "placements:placement_show"):
        assert beside(world.els.coordinator, name, rows_of(world)[name]).status_code == 404


def test_opening_a_student_beside_the_list_is_written_down(world):
    student = world.berk.students[0]
    beside(world.berk.coordinator, "schools:student_show", student)
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="saw", student_number=student.pk).count() == 1


def placements_page(world) -> str:
    url = reverse("placements:placement_list")
    return client_of(world.berk.coordinator).get(url).content.decode()


def set_state(placement: Placement, state: PlacementState) -> None:
    with use(SYSTEM):
        Placement.objects.filter(pk=placement.pk).update(state=state)


def test_the_list_shows_the_days_of_this_week_of_who_is_at_work(world):
    placement = world.berk.placement
    set_state(placement, PlacementState.RUNNING)
    checked_in(placement, MONDAY)
    ill(placement, TUESDAY)
    with at(FRIDAY):
        client = client_of(world.berk.coordinator)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("placements:placement_list")).content.decode()
    assert sum("SAVEPOINT" not in q["sql"] for q in queries) <= 16
    assert page.count('class="strip-days"') == 1
    assert page.count('class="day ') == 5
    assert "ma 11 januari: aanwezig" in page
    assert "di 12 januari: ziek" in page


def test_who_is_not_at_work_this_week_has_no_strip(world):
    with at(FRIDAY):
        set_state(world.berk.placement, PlacementState.CONCEPT)
        assert "strip-days" not in placements_page(world)
    set_state(world.berk.placement, PlacementState.RUNNING)
    with at(MONDAY.replace(year=2026)):
        page = placements_page(world)
    assert "strip-days" not in page
    assert "Deze week" not in page


def test_the_strip_says_what_the_folder_says(world):
    placement = world.berk.placement
    set_state(placement, PlacementState.RUNNING)
    checked_in(placement, MONDAY, flags=["late"])
    ill(placement, TUESDAY, ends=TUESDAY)
    ill(placement, TUESDAY + timedelta(days=1), kind="appointment", ends=FRIDAY)
    confirmed(placement, {MONDAY: 0})
    confirmed(placement, {MONDAY: 360}, version=2)
    checked_in(placement, SATURDAY, flags=["unplanned_day"])
    actor, week = world.actor(world.berk.coordinator), (MONDAY, MONDAY + timedelta(days=6))
    for day in (MONDAY, TUESDAY, FRIDAY, SATURDAY):
        with at(day, "12:00"), use(actor.scope):
            fresh = Placement.objects.get(pk=placement.pk)
            strip = strips_of(actor, [fresh], *week)[fresh.pk]
            also = [MONDAY + timedelta(days=n) for n in range(5)]
            folder = days_of(actor, [fresh], *week, also)[fresh.pk]
            assert strip == [(d.date, d.state) for d in folder]
    assert len(strip) == 6
