"""A school whose four students have been at one company for weeks, made beside the product.

`Stack.manage("shell", …)` runs `dump_at_work`, which prints JSON: cookies of the teacher and a
student, and the addresses in the mails to the supervisor. Last week one of the four was never seen.
Whatever the day, everybody is expected today.
"""

from __future__ import annotations

import json
import secrets
import sys
from datetime import date, time, timedelta

from django.conf import settings

from attendance.days import week_of
from attendance.enums import CheckInMethod
from attendance.models import AttendanceSettings, CheckIn
from companies.enums import CampaignState, ContactRole, InvitationState, TrustSource
from companies.models import Campaign, Company, Contact, Invitation, Location, Place, Trust
from placements import services
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.dutch.calendar import iso_week, school_today, week_days
from stage.core.enums import Role
from stage.core.models import Link, Membership, School
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who import links
from stage.core.who.actors import actor_of_membership
from stage.devtools.demo import clock
from stage.schools.enums import PeriodKind
from stage.schools.models import Group, GroupStudent, Period, Student
from stage.schools.services import first_steps
from tests.e2e.sessions import _login, _member
from tests.world import offered

AT_WORK_COMMAND = "from tests.e2e.seeds import dump_at_work; dump_at_work()"
# Three students since last Monday, seen every day.
AS_PLANNED_COMMAND = "from tests.e2e.seeds import dump_at_work; dump_at_work(as_planned=True)"
NAMES = ("Aya", "Bram", "Cem", "Dina")
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


def dump_at_work(*, as_planned: bool = False) -> None:
    """Print what the supervisor and the teacher of a fresh school hold."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    today = school_today()
    with use(SYSTEM):
        with clock.at(clock.on(today - timedelta(days=21))):
            school, coordinator, teacher = _school()
            company, supervisor = _company(school.region)
            last_week = week_days(*iso_week(today - timedelta(days=7)))
            starts = last_week[0] if as_planned else today - timedelta(days=14)
            place = _place(school, company, supervisor, starts)
            students = _students(school, place.period)[: 3 if as_planned else None]
        with use(school_scope(school)), clock.at(clock.on(today - timedelta(days=20))):
            for student in students:
                services.match(
                    student, place, teacher=teacher, actor=actor_of_membership(coordinator)
                )
        Placement.objects.filter(school=school).update(state=PlacementState.RUNNING)
        _arrive(school, last_week, {NAMES[-1]})
        student = _member(Role.STUDENT, "", school.region, school, students[0])
        found = {
            "teacher": _login(teacher),
            "student": _login(student),
            "supervisor": _address(supervisor, school, "week", week_of(last_week[0])),
            "email": supervisor.email,
            "invitation": _invitation(place, coordinator),
        }
    sys.stdout.write("JSON" + json.dumps(found) + "\n")


def _school() -> tuple[School, Membership, Membership]:
    number = School.objects.count()
    region = first_steps.make_region(f"Regio vol {secrets.token_hex(3)}")
    school = first_steps.make_school(region, name="De Volle School", brin=f"77YY{number:02d}")
    # From midnight on nobody is too early to be missed.
    AttendanceSettings.objects.filter(school=school).update(late_after_minutes=0)
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


def _place(school: School, company: Company, supervisor: Contact, starts: date) -> Place:
    period = Period.objects.create(
        school=school,
        name="Lintstage",
        kind=PeriodKind.WEEKDAYS,
        starts=starts,
        ends=school_today() + timedelta(days=28),
        weekdays=EVERY_DAY,
        day_from=time(0, 0),
        day_to=time(7, 0),
    )
    Trust.objects.create(
        school=school,
        company=company,
        contact=supervisor,
        address=supervisor.email,
        roles=supervisor.roles,
        source=TrustSource.TYPED,
    )
    return offered(
        period,
        company,
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


def _arrive(school: School, days: list[date], not_seen: set[str]) -> None:
    """Everybody scanned on all these days, but for some."""
    rows = Placement.objects.filter(school=school).exclude(student__first_name__in=not_seen)
    for placement in rows:
        for day in days:
            CheckIn.objects.create_about(
                placement,
                date=day,
                at=clock.on(day, "08:00"),
                method=CheckInMethod.POSTER,
            )


def _invitation(place: Place, coordinator: Membership) -> str:
    """The link of a letter to the same company, about a period to come; not answered."""
    school, today = place.school, school_today()
    period = Period.objects.create(
        school=school,
        name="Blokstage",
        kind=PeriodKind.BLOCK,
        starts=today + timedelta(days=60),
        ends=today + timedelta(days=74),
        weekdays=[1, 2, 3, 4, 5],
        day_from=time(8, 30),
        day_to=time(16, 0),
    )
    campaign = Campaign.objects.create(
        school=school,
        group=Group.objects.create(school=school, period=period, name="4V"),
        period=period,
        subject="Doet u mee?",
        letter="Beste {{ contact }}",
        state=CampaignState.SENT,
        created_by=coordinator,
    )
    invitation = Invitation.objects.create(
        school=school,
        region=school.region,
        campaign=campaign,
        period=period,
        company=place.company,
        contact=place.supervisor,
        state=InvitationState.SENT,
    )
    return _address(place.supervisor, school, "invitation", invitation.public_id)


def _address(supervisor: Contact, school: School, purpose: str, target: str) -> str:
    """The link of a mail to the supervisor."""
    about = {
        "person_kind": "contact",
        "person_id": supervisor.pk,
        "purpose": purpose,
        "target": target,
    }
    links.link_for(**about, region_id=school.region_id, school_id=school.pk)
    return settings.SITE_URL + "/l/" + links.token_of(Link.objects.get(**about)) + "/"
