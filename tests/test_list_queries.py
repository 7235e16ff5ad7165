"""A list costs the same number of queries for one item and for three.

The lists of attendance, companies, assessments, agreements and the board have this test beside
their other ones; here are all that remain, on a school that grows by two of everything.
"""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.models import Company, GroupCompany
from placements.models import Application, Placement
from stage.core.enums import Role
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Group, GroupStudent, Guardian, Period, PeriodException, Student
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    another_placement,
    at,
    checked_in,
    ill,
    reported,
)
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.world import disclose, member, offered

PAGES = [
    ("coordinator", "web:home", ()),
    ("coordinator", "schools:staff_list", ()),
    ("coordinator", "schools:period_list", ()),
    ("coordinator", "schools:period_show", ("period",)),
    ("coordinator", "web:group_list", ()),
    ("coordinator", "web:group_show", ("group",)),
    ("coordinator", "web:group_students", ("group",)),
    ("coordinator", "web:audit_list", ()),
    ("coordinator", "schools:student_show", ("student",)),
    ("coordinator", "companies:group_companies", ("group",)),
    ("coordinator", "companies:company_show", ("company",)),
    ("coordinator", "placements:placement_list", ()),
    ("coordinator", "placements:placement_show", ("placement",)),
    ("coordinator", "placements:application_overview", ("student",)),
    ("coordinator", "agreements:agreement_start", ()),
    ("coordinator", "attendance:flags", ()),
    ("coordinator", "attendance:pattern_list", ()),
    ("teacher", "web:home", ()),
    ("teacher", "attendance:reports_read", ()),
    ("student", "web:home", ()),
    ("student", "placements:application_list", ()),
    ("student", "attendance:report_list", ()),
    ("student", "attendance:week", ()),
    ("contact", "web:home", ()),
    ("contact", "placements:trainee_list", ()),
    ("supervisor", "attendance:company_today", ()),
    ("guardian", "web:home", ()),
]


def grow(world, n: int) -> None:
    """One more of everything that school Berk can have; n counts from 1."""
    berk, noord = world.berk, world.noord
    first = berk.students[0]
    day = MONDAY + timedelta(days=n)
    member(Role.TEACHER, f"Nieuw {n}", region=noord.region, school=berk.school)
    period = _period(berk, n)
    group = Group.objects.create(school=berk.school, period=berk.period, name=f"Groep {n}")
    GroupStudent.objects.create(school=berk.school, group=group, student=first)
    company = Company.objects.create(region=noord.region, name=f"Winkel {n}")
    GroupCompany.objects.create(school=berk.school, group=berk.group, company=company)
    Guardian.objects.create(school=berk.school, student=first, name=f"Oom {n}")
    _application(berk, noord, company, period, n)
    _trainee(berk, noord, day, n)
    AuditEntry.objects.create(
        school=berk.school, actor_kind="user", verb="student_changed", student_number=first.pk
    )
    checked_in(berk.placement, day, flags=["unplanned_day"])
    reported(berk.placement, day)


def often_late(placement) -> None:
    """So that something stands out from the first one on."""
    for weeks in (1, 2, 3):
        checked_in(placement, MONDAY - timedelta(weeks=weeks), flags=["late"])


def _period(berk, n: int) -> Period:
    period = Period.objects.create(
        school=berk.school,
        name=f"Periode {n}",
        kind=berk.period.kind,
        starts=date(2027, 2, n),
        ends=date(2027, 3, n),
        weekdays=[1, 2],
        day_from=time(9),
        day_to=time(16),
    )
    PeriodException.objects.create(
        school=berk.school, period=berk.period, date=FRIDAY - timedelta(days=n), reason="Feest"
    )
    return period


def _application(berk, noord, company, period, n: int) -> None:
    place = offered(period, noord.companies[0], how_many=2, location=noord.locations[0])
    Application.objects.create(
        school=berk.school,
        student=berk.students[0],
        company=noord.companies[0],
        place=place,
        period=period,
        motivation="Ik wil graag.",
        state="with_company",
    )


def _trainee(berk, noord, day, n: int) -> None:
    """Another student at the same company, with a day of its own."""
    if n > 1:
        berk.students.append(
            Student.objects.create(
                school=berk.school,
                number=f"77{n}",
                first_name=f"Nieuw{n}",
                school_class="3B",
                birth_date=date(2011, 1, n),
                mentor=berk.teacher,
            )
        )
        GroupStudent.objects.create(school=berk.school, group=berk.group, student=berk.students[-1])
        disclose(berk, berk.students[-1], noord.companies[0])
    placement = another_placement(berk, noord, len(berk.students) - 1 if n > 1 else 1)
    checked_in(placement, day, flags=["unplanned_day"])
    reported(placement, day)
    ill(placement, day, ends=day)
    berk.placement.refresh_from_db()


def clients_of(world):
    berk, noord = world.berk, world.noord
    return {
        "coordinator": client_of(berk.coordinator),
        "teacher": client_of(berk.teacher),
        "student": client_of(berk.logins[0]),
        "guardian": client_of_guardian(berk.guardians[0]),
        "contact": client_of_contact(noord.contacts[0]),
        "supervisor": client_of_contact(noord.supervisors[0]),
    }


def objects_of(world):
    berk = world.berk
    return {
        "period": berk.period,
        "group": berk.group,
        "student": berk.students[0],
        "placement": berk.placement,
        "company": world.noord.companies[0],
    }


@pytest.fixture
def count_all(world):
    """Queries per page, for everybody in PAGES."""

    def count() -> dict[tuple[str, str], int]:
        clients, objects, found = clients_of(world), objects_of(world), {}
        for who, name, args in PAGES:
            url = reverse(name, args=[objects[a].public_id for a in args])
            with CaptureQueriesContext(connection) as queries:
                response = clients[who].get(url)
            assert response.status_code == 200, (who, name)
            found[who, name] = sum("SAVEPOINT" not in q["sql"] for q in queries)
        return found

    return count


def test_every_other_list_costs_the_same_for_more(world, count_all):
    with at(TUESDAY, "12:00"):
        with use(SYSTEM):
            often_late(world.berk.placement)
            grow(world, 1)
        few = count_all()
        with use(SYSTEM):
            grow(world, 2)
            grow(world, 3)
            assert Placement.objects.filter(school=world.berk.school).count() == 4
        many = count_all()
    assert {page: (few[page], n) for page, n in many.items() if n > few[page]} == {}
