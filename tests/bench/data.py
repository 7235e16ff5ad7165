"""A large school on a large pool: the data of a measurement, written in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from importlib import import_module

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from companies.models import Company, Contact, Location, Offer, Place
from placements.agreements.models import Agreement
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement, PlannedDay, StudentCard
from placements.services.guiding import write_guides
from stage.core.dutch.calendar import school_today
from stage.core.enums import Role
from stage.core.models import Membership, User
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use
from stage.core.who import identities
from stage.schools.enums import PeriodKind
from stage.schools.models import Group, GroupStudent, Period, Student
from tests.placements.agreements import frozen
from tests.world import World, build_world

COMPANIES = 1000
STUDENTS = 1500
BOARD = 150  # students of the group that still has to be matched
WISHES = 3  # applications of each of those
TOWNS = ("Groningen", "Assen", "Emmen", "Zwolle", "Meppel", "Hoogeveen")


@dataclass
class Data:
    """What the measurements need to know."""

    world: World
    students: list[Membership]  # log-ins of students who are expected today
    posters: list[str]  # the code of each one's poster
    seeker: Membership  # a student who looks for a place
    board: Group
    agreement: Agreement


def build() -> Data:
    """Make everything, committed, in the database of the settings."""
    with use(SYSTEM):
        world = build_world()
        places = _pool(world)
        now, coming = _periods(world)
        people = _students(world, STUDENTS + BOARD)
        logins = _log_ins(world, people)
        here, seekers = people[:STUDENTS], people[STUDENTS:]
        posters = _today(world, here, places, now)
        board = _board(world, seekers, places, coming)
    return Data(world, logins[:STUDENTS], posters, logins[STUDENTS], board, frozen(world))


def _pool(world: World) -> list[tuple[Company, Location, Contact]]:
    region = world.noord.region
    companies = [
        Company(region=region, name=f"Bedrijf {n:04}", profiles=["HBR" if n % 2 else "PIE"])
        for n in range(COMPANIES)
    ]
    for company in companies:
        company.set_keys()
    Company.objects.bulk_create(companies, batch_size=500)
    locations = Location.objects.bulk_create(
        Location(region=region, company=c, street=f"Weg {n}", city=TOWNS[n % len(TOWNS)])
        for n, c in enumerate(companies)
    )
    contacts = Contact.objects.bulk_create(
        Contact(region=region, company=c, name=f"Kim {n}", roles=["supervisor"])
        for n, c in enumerate(companies)
    )
    return list(zip(companies, locations, contacts, strict=True))


def _periods(world: World) -> tuple[Period, Period]:
    """One that runs now, on every day of the week, and one that is still to be filled."""
    today = school_today()
    common = {
        "school": world.berk.school,
        "kind": PeriodKind.BLOCK,
        "weekdays": [1, 2, 3, 4, 5, 6, 7],
        "day_from": time(8, 30),
        "day_to": time(15, 30),
    }
    two_weeks = timedelta(days=14)
    later = today + timedelta(days=60)
    return (
        Period.objects.create(
            name="Nu", starts=today - two_weeks, ends=today + two_weeks, **common
        ),
        Period.objects.create(name="Straks", starts=later, ends=later + two_weeks, **common),
    )


def _students(world: World, count: int) -> list[Student]:
    profile = world.berk.students[0].profile
    rows = [
        Student(
            school=world.berk.school,
            number=f"B{n:05}",
            first_name=f"Kind{n}",
            last_name=f"Naam{n % 400}",
            school_class=f"4{n % 60:02}",
            birth_date=date(2011, 2, 1),
            profile=profile,
            city=TOWNS[n % len(TOWNS)],
            mentor=world.berk.teacher,
        )
        for n in range(count)
    ]
    for row in rows:
        row.derive_names()
    return Student.objects.bulk_create(rows, batch_size=500)


def _log_ins(world: World, people: list[Student]) -> list[Membership]:
    users = User.objects.bulk_create(
        (User(username=f"bench-{s.number}", password="!") for s in people), batch_size=500
    )
    return Membership.objects.bulk_create(
        [
            Membership(
                user=user,
                role=Role.STUDENT,
                region=world.noord.region,
                school=world.berk.school,
                student_id=student.pk,
            )
            for user, student in zip(users, people, strict=True)
        ],
        batch_size=500,
    )


def _today(world: World, people, places, period: Period) -> list[str]:
    """Everybody is planned today and the days around it; nobody is in yet."""
    school, teacher = world.berk.school, world.berk.teacher
    rows, codes = [], []
    for n, student in enumerate(people):
        company, location, contact = places[n % len(places)]
        codes.append(location.poster_code)
        rows.append(
            Placement(
                school=school,
                student=student,
                company=company,
                location=location,
                supervisor=contact,
                teacher=teacher,
                period=period,
                starts=period.starts,
                ends=period.ends,
                weekdays=period.weekdays,
                day_from=period.day_from,
                day_to=period.day_to,
                state=PlacementState.RUNNING,
            )
        )
    Placement.objects.bulk_create(rows, batch_size=500)
    write_guides(rows)
    today = school_today()
    PlannedDay.objects.bulk_create(
        (
            PlannedDay(
                school=school,
                student=p.student,
                company=p.company,
                placement=p,
                date=today + timedelta(days=distance),
                day_from=period.day_from,
                day_to=period.day_to,
                break_minutes=30,
            )
            for p in rows
            for distance in range(-4, 5)
        ),
        batch_size=1000,
    )
    return codes


def _board(world: World, seekers, places, period: Period) -> Group:
    """A group with a place at every company, and some applications of everybody."""
    school, region = world.berk.school, world.noord.region
    group = Group.objects.create(school=school, period=period, name="Bord")
    GroupStudent.objects.bulk_create(
        GroupStudent(school=school, group=group, student=s) for s in seekers
    )
    offers = Offer.objects.bulk_create(
        [
            Offer(
                region=region,
                company=company,
                location=location,
                starts=period.starts,
                ends=period.ends,
                how_many=2,
                tasks="Helpen waar het nodig is, en leren hoe het moet.",
            )
            for company, location, contact in places
        ],
        batch_size=500,
    )
    offered = Place.objects.bulk_create(
        [
            Place(
                school=school,
                region=region,
                company=offer.company,
                offer=offer,
                period=period,
                how_many=offer.how_many,
                weekdays=period.weekdays,
                supervisor=contact,
            )
            for offer, (_company, _location, contact) in zip(offers, places, strict=True)
        ],
        batch_size=500,
    )
    chosen = [
        (student, offered[(n * WISHES + k) % len(offered)], k)
        for n, student in enumerate(seekers[1:])
        for k in range(WISHES)
    ]
    StudentCard.objects.bulk_create(
        StudentCard(school=school, student=s, company=p.company, first_name=s.first_name)
        for s, p, _rank in chosen
    )
    Application.objects.bulk_create(
        Application(
            school=school,
            student=student,
            company=place.company,
            place=place,
            period=period,
            rank=rank + 1,
            motivation="Ik wil dit graag leren.",
            state=ApplicationState.WITH_COMPANY,
        )
        for student, place, rank in chosen
    )
    return group


def sessions_of(memberships: list[Membership]) -> list[str]:
    """A logged-in session for each membership: what stands in the cookie."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = []
    with use(NOBODY):
        for membership in memberships:
            if membership.role in settings.SECOND_FACTOR_ROLES:
                Authenticator.objects.get_or_create(
                    user=membership.user,
                    type=Authenticator.Type.TOTP,
                    defaults={"data": {"secret": "JBSWY3DPEHPK3PXP"}},
                )
            session = store()
            session[SESSION_KEY] = str(membership.user_id)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = membership.user.get_session_auth_hash()
            session[identities.SESSION_KEY] = membership.pk
            session.create()
            keys.append(session.session_key)
    return keys
