"""A school in the middle of its term, made beside the product: four students at one bakery, all
signed for, and a garage with room.

`Stack.manage("shell", …)` runs `dump_term`, which prints JSON: cookies of everybody, the addresses
that mails go to, and the codes of placements. Whatever the day, everybody is expected today.
"""

from __future__ import annotations

import json
import secrets
import sys
from datetime import date, time, timedelta

from django.conf import settings

from companies.enums import ContactRole, TrustSource
from companies.models import Company, Contact, Location, Place, Trust
from placements import services
from placements.agreements.enums import Party
from placements.agreements.queries import checking, reading
from placements.agreements.services import filling, freezing, signing, starting
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience, Role
from stage.core.models import Membership, School
from stage.core.tenants.tenancy import SYSTEM, Scope, school_scope, use
from stage.core.who.actors import Actor, actor_of_membership, job_at
from stage.devtools.demo import clock
from stage.schools.enums import PeriodKind
from stage.schools.models import Group, GroupStudent, Guardian, Period, Student
from stage.schools.services import first_steps
from tests.clients import client_of_contact
from tests.e2e.sessions import _cookies, _login, _member
from tests.placements.agreements import FIELDS
from tests.world import offered

TERM_COMMAND = "from tests.e2e.term import dump_term; dump_term()"
NAMES = ("Aya", "Bram", "Cem", "Dina")
HOURS = time(9, 0), time(13, 0)


def dump_term() -> None:
    """Print who is at the school, and what they hold."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    run, today = secrets.token_hex(3), school_today()
    with use(SYSTEM):
        with clock.at(clock.on(today - timedelta(days=40))):
            school, staff = _school(run)
            bakery, garage = (_company(school, f"{kind} {run}") for kind in ("Bakkerij", "Garage"))
            period = _period(school, today)
            places = [_place(period, bakery, len(NAMES)), _place(period, garage, 2)]
            students = [_student(school, period, name, run) for name in NAMES]
        with clock.at(clock.on(today - timedelta(days=30))):
            placements = [_placed(s, places[0], staff) for s in students]
        actor = job_at(school)
        with use(actor.scope):
            services.advance_placements(today=today, actor=actor)
        found = {
            "school": school.name,
            "people": {name: _login(member) for name, member in staff.items()},
            "addresses": {name: member.email for name, member in staff.items()},
            "codes": {name: member.public_id for name, member in staff.items()},
            "students": {
                s.first_name: _who_is(s, p) for s, p in zip(students, placements, strict=True)
            },
            "period": period.public_id,
            "bakery": _firm(bakery),
            "garage": _firm(garage),
        }
    sys.stdout.write("JSON" + json.dumps(found) + "\n")


def _school(run: str) -> tuple[School, dict[str, Membership]]:
    number = School.objects.count()
    region = first_steps.make_region(f"Regio {run}")
    school = first_steps.make_school(region, name=f"De Beurten {run}", brin=f"66ZZ{number:02d}")
    staff = {
        "coordinator": _member(Role.COORDINATOR, "Cor Beurt", region, school),
        "teacher": _member(Role.TEACHER, "Tess Beurt", region, school),
        "colleague": _member(Role.TEACHER, "Kees Beurt", region, school),
        "bureau": _member(Role.BUREAU, "Bo Beurt", region, None),
    }
    return school, staff


def _company(school: School, name: str) -> Company:
    company = Company.objects.create(region=school.region, name=name, tasks="Helpen en leren.")
    Location.objects.create(region=school.region, company=company, street="Kade 1", city="Ede")
    for who, roles in (
        ("Anja", [ContactRole.CONTACT, ContactRole.SIGNATORY]),
        ("Sanne", [ContactRole.SUPERVISOR]),
    ):
        contact = Contact.objects.create(
            region=school.region,
            company=company,
            name=f"{who} {name}",
            email=f"{who.lower()}.{name.lower().replace(' ', '.')}@voorbeeld.test",
            roles=roles,
        )
        Trust.objects.create(
            school=school,
            company=company,
            contact=contact,
            address=contact.email,
            roles=roles,
            source=TrustSource.TYPED,
        )
    return company


def _period(school: School, today: date) -> Period:
    monday = today - timedelta(days=today.weekday())
    return Period.objects.create(
        school=school,
        name="Najaarsstage",
        kind=PeriodKind.WEEKDAYS,
        starts=monday - timedelta(days=14),
        ends=monday + timedelta(days=46),
        weekdays=sorted({1, 2, 4, today.isoweekday()}),
        day_from=HOURS[0],
        day_to=HOURS[1],
    )


def _place(period: Period, company: Company, how_many: int) -> Place:
    return offered(
        period,
        company,
        location=Location.objects.get(company=company),
        supervisor=Contact.objects.get(company=company, name__startswith="Sanne"),
        how_many=how_many,
        weekdays=period.weekdays,
    )


def _student(school: School, period: Period, name: str, run: str) -> Student:
    """Sixteen for some months: no rules of under sixteen, and a parent signs."""
    number = Student.objects.filter(school=school).count() + 1
    student = Student.objects.create(
        school=school,
        number=f"8{number}",
        first_name=name,
        last_name="Beurt",
        school_class="3B",
        year=3,
        birth_date=(school_today() - timedelta(days=16 * 365 + 150)).replace(day=7),
        email=f"{name.lower()}.{run}@voorbeeld.test",
    )
    Guardian.objects.create(
        school=school,
        student=student,
        name=f"Ouder van {name}",
        email=f"ouder.{name.lower()}.{run}@voorbeeld.test",
        lives_here=True,
    )
    group, _made = Group.objects.get_or_create(school=school, period=period, name="3B")
    GroupStudent.objects.create(school=school, group=group, student=student)
    _member(Role.STUDENT, "", school.region, school, student)
    return student


def _placed(student: Student, place: Place, staff: dict[str, Membership]) -> Placement:
    """At the bakery, with an agreement that all four signed."""
    boss = actor_of_membership(staff["coordinator"])
    with use(school_scope(student.school)):
        placement = services.match(student, place, teacher=staff["teacher"], actor=boss)
        (agreement,) = starting.start_agreements([placement], actor=boss)
    people = {
        Party.STUDENT: actor_of_membership(Membership.objects.get(student_id=student.pk)),
        Party.GUARDIAN: _guardian(student),
        Party.COMPANY: _contact(place.company),
        Party.SCHOOL: boss,
    }
    hours = {"day_from": f"{HOURS[0]:%H:%M}", "day_to": f"{HOURS[1]:%H:%M}"}
    for _again in (1, 2):  # an answer that changes opens other parts again
        for party, fields in FIELDS.items():
            own = {**fields, **hours} if party == "company" else fields
            who = people[Party(party)]
            with use(who.scope):
                filling.fill(agreement, party=party, fields=own, check=True, actor=who)
    with use(boss.scope):
        agreement.refresh_from_db()
        points = checking.points_of(agreement, reading.compose(agreement))
        reasons = {point.rule: "Zo besproken." for point in points}
        freezing.freeze(agreement, reasons=reasons, actor=boss)
        agreement.refresh_from_db()
    for party, who in people.items():
        evidence = signing.Evidence(signing.method_of(who), signing.statement_for(party))
        with use(who.scope):
            signing.sign(agreement, whole_hash=agreement.whole_hash, evidence=evidence, actor=who)
    return placement


def _guardian(student: Student) -> Actor:
    guardian = Guardian.objects.get(student=student)
    regions = (student.school.region_id,)
    scope = Scope("student", school=student.school_id, student=student.pk, regions=regions)
    return Actor(
        kind="guardian",
        id=guardian.pk,
        role=Audience.GUARDIAN,
        scope=scope,
        name=guardian.name,
        email=guardian.email,
    )


def _contact(company: Company) -> Actor:
    from companies.identity import actor_of_address

    return actor_of_address(Contact.objects.get(company=company, name__startswith="Anja").email)


def _who_is(student: Student, placement: Placement) -> dict:
    return {
        "login": _login(Membership.objects.get(student_id=student.pk)),
        "name": student.full_name,
        "born": student.birth_date.isoformat(),
        "code": student.public_id,
        "email": student.email,
        "parent": Guardian.objects.get(student=student).email,
        "placement": placement.public_id,
    }


def _firm(company: Company) -> dict:
    contacts = {c.name.split()[0]: c for c in Contact.objects.filter(company=company)}
    return {
        "name": company.name,
        "contact": _cookies(client_of_contact(contacts["Anja"])),
        "email": contacts["Anja"].email,
        "supervisor": _cookies(client_of_contact(contacts["Sanne"])),
        "supervisor_email": contacts["Sanne"].email,
    }
