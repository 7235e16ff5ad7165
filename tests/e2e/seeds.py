"""A school whose four students have been at one company for weeks, made beside the product.

`Stack.manage("shell", …)` runs `dump_at_work`, which prints JSON: the teacher's cookies, the
address in the mail to the supervisor, and the week it is about. Whatever the day, everybody is
expected today.
"""

from __future__ import annotations

import json
import secrets
import sys
from datetime import date, time, timedelta

from django.conf import settings

from attendance.days import week_of
from companies.enums import ContactRole
from companies.models import Company, Contact, Location, Place
from placements import services
from placements.enums import PlacementState
from placements.models import Placement
from stage.core import first_steps, links
from stage.core.actors import actor_of_membership
from stage.core.calendar import school_today
from stage.core.enums import PeriodKind, Role
from stage.core.models import (
    Group,
    GroupStudent,
    Link,
    Membership,
    Period,
    School,
    SchoolSettings,
    Student,
)
from stage.core.tenancy import SYSTEM, school_scope, use
from stage.web.demo import clock
from tests.e2e.sessions import _login, _member

AT_WORK_COMMAND = "from tests.e2e.seeds import dump_at_work; dump_at_work()"
NAMES = ("Aya", "Bram", "Cem", "Dina")
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


def dump_at_work() -> None:
    """Print what the supervisor and the teacher of a fresh school hold."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    today = school_today()
    with use(SYSTEM):
        with clock.at(clock.on(today - timedelta(days=21))):
            school, coordinator, teacher = _school()
            company, supervisor = _company(school.region)
            place = _place(school, company, supervisor, today)
            students = _students(school, place.period)
        with use(school_scope(school)), clock.at(clock.on(today - timedelta(days=20))):
            for student in students:
                services.match(
                    student, place, teacher=teacher, actor=actor_of_membership(coordinator)
                )
        Placement.objects.filter(school=school).update(state=PlacementState.RUNNING)
        week = week_of(today - timedelta(days=7))
        found = {
            "teacher": _login(teacher),
            "supervisor": _address(supervisor, school, week),
            "email": supervisor.email,
            "week": week,
        }
    sys.stdout.write("JSON" + json.dumps(found) + "\n")


def _school() -> tuple[School, Membership, Membership]:
    number = School.objects.count()
    region = first_steps.make_region(f"Regio vol {secrets.token_hex(3)}")
    school = first_steps.make_school(region, name="De Volle School", brin=f"77YY{number:02d}")
    # From midnight on nobody is too early to be missed.
    SchoolSettings.objects.filter(school=school).update(late_after_minutes=0)
    coordinator = _member(Role.COORDINATOR, "Cor Vol", region, school)
    return school, coordinator, _member(Role.TEACHER, "Tess Vol", region, school)


def _company(region) -> tuple[Company, Contact]:
    company = Company.objects.create(region=region, name="Bakkerij Vol", tasks="Brood bakken.")
    Location.objects.create(region=region, company=company, street="Dorpsstraat 1", city="Ede")
    supervisor = Contact.objects.create(
        region=region,
        company=company,
        name="Sanne Vol",
        email=f"sanne.{secrets.token_hex(3)}@voorbeeld.test",
        roles=[ContactRole.SUPERVISOR],
    )
    return company, supervisor


def _place(school: School, company: Company, supervisor: Contact, today: date) -> Place:
    period = Period.objects.create(
        school=school,
        name="Lintstage",
        kind=PeriodKind.WEEKDAYS,
        starts=today - timedelta(days=14),
        ends=today + timedelta(days=28),
        weekdays=EVERY_DAY,
        day_from=time(0, 0),
        day_to=time(7, 0),
    )
    return Place.objects.create(
        school=school,
        region=school.region,
        company=company,
        period=period,
        location=Location.objects.get(company=company),
        supervisor=supervisor,
        how_many=len(NAMES),
        weekdays=EVERY_DAY,
    )


def _students(school: School, period: Period) -> list[Student]:
    group = Group.objects.create(school=school, period=period, name="3V")
    born = school_today().replace(day=1) - timedelta(days=16 * 365)
    students = []
    for number, name in enumerate(NAMES, start=1):
        student = Student.objects.create(
            school=school,
            number=f"7{number}",
            first_name=name,
            last_name="Vol",
            school_class="3V",
            year=3,
            birth_date=born,
        )
        GroupStudent.objects.create(school=school, group=group, student=student)
        students.append(student)
    return students


def _address(supervisor: Contact, school: School, week: str) -> str:
    """The link of the mail that asks to confirm a week."""
    about = {
        "person_kind": "contact",
        "person_id": supervisor.pk,
        "purpose": "week",
        "target": week,
    }
    links.link_for(**about, region_id=school.region_id, school_id=school.pk)
    return settings.SITE_URL + "/l/" + links.token_of(Link.objects.get(**about)) + "/"
