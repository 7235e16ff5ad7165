"""The schools: settings, staff, students with guardians, and the periods they are in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random

from companies.services import choose_companies
from placements.agreements.models import AgreementSettings
from stage.core.dutch.names import split_name
from stage.core.models import Membership, Region
from stage.core.tenants.tenancy import use
from stage.devtools.demo.cast import SchoolCast, by, open_accounts
from stage.devtools.demo.companies import SCHOOLS
from stage.devtools.demo.names import COORDINATORS, FIRST_NAMES, LAST_NAMES, STREETS
from stage.devtools.demo.names import TEACHERS as STAFF
from stage.devtools.demo.pool import slug
from stage.schools import holidays
from stage.schools.enums import PeriodKind
from stage.schools.imports import loaders
from stage.schools.imports.sheets import STUDENTS, TEACHERS
from stage.schools.models import Group, Guardian, ImportJob, Period, SchoolSettings, Student
from stage.schools.services import first_steps, groups, periods, school_settings, students

DOMAINS = (
    "stadscollege.voorbeeld",
    "vakcollege.voorbeeld",
    "groenlyceum.voorbeeld",
    "deslinge.voorbeeld",
)
HOLIDAYS = "midden"  # the school holidays of Gelderland's middle
DIRECTORS = ("Annelies de Ruiter", "Bart Coenen", "Marijke Stam", "Gert Wolsink")
COLOURS = ("#1f5fa8", "#8a3b12", "#2f6b2f", "#6b2f5f")
TOWNS = (
    ("Arnhem", "Velp", "Duiven", "Elst", "Zevenaar"),
    ("Nijmegen", "Wijchen", "Beuningen", "Elst"),
    ("Ede", "Bennekom", "Wageningen"),
    ("Winterswijk", "Groenlo"),
)
POSTCODES = {
    "Arnhem": "6821", "Velp": "6881", "Duiven": "6921", "Elst": "6661", "Zevenaar": "6901",
    "Nijmegen": "6531", "Wijchen": "6601", "Beuningen": "6641", "Ede": "6711",
    "Bennekom": "6721", "Wageningen": "6701", "Winterswijk": "7101", "Groenlo": "7141",
}  # fmt: skip


@dataclass(frozen=True)
class SchoolClass:
    """A class to make: its name, year, profile, leerwegen and how many students."""

    name: str
    year: int
    profile: str
    tracks: tuple[str, ...]
    size: int


CLASSES = (
    (
        SchoolClass("3HBR", 3, "HBR", ("BB", "KB"), 12),
        SchoolClass("3ZW", 3, "Z&W", ("KB",), 12),
        SchoolClass("4PIE", 4, "PIE", ("KB", "GL"), 14),
        SchoolClass("4EO", 4, "E&O", ("GL",), 13),
        SchoolClass("4BWI", 4, "BWI", ("BB",), 13),
        SchoolClass("3MVI", 3, "MVI", ("GL", "TL"), 16),
    ),
    (
        SchoolClass("3MT", 3, "M&T", ("BB", "KB"), 15),
        SchoolClass("3EO", 3, "E&O", ("KB",), 15),
        SchoolClass("4ZW", 4, "Z&W", ("BB", "KB"), 15),
        SchoolClass("4DP", 4, "D&P", ("GL", "TL"), 15),
    ),
    (
        SchoolClass("4G1", 4, "Groen", ("BB",), 12),
        SchoolClass("3G1", 3, "Groen", ("KB",), 16),
        SchoolClass("3G2", 3, "Groen", ("GL",), 16),
        SchoolClass("3DP", 3, "D&P", ("BB", "KB"), 16),
    ),
    (SchoolClass("3VAK", 3, "PIE", ("BB", "KB"), 8),),
)


@dataclass
class DemoSchool:
    """A school with its people and its students by class."""

    cast: SchoolCast
    number: int
    classes: dict[str, list[Student]] = field(default_factory=dict)

    @property
    def coordinator(self):
        return self.cast.coordinator

    def of(self, *names: str) -> list[Student]:
        return [s for name in names for s in self.classes[name]]


def make_school(region: Region, number: int) -> DemoSchool:
    """One of the schools with its coordinator, settings and teachers."""
    name, brin, city = SCHOOLS[number]
    domain = DOMAINS[number]
    school = first_steps.make_school(region, name=name, brin=brin, city=city)
    person = COORDINATORS[number]
    member = first_steps.first_coordinator(
        school, name=person, email=f"{slug(person.split()[0])}@{domain}"
    )
    cast = SchoolCast(school, domain, first_steps.actor_of(member))
    _set_up(cast, number, city)
    _hire(cast, STAFF[number * 4 : number * 4 + 4])
    open_accounts([member, *cast.teachers])
    return DemoSchool(cast, number)


INSURANCE = (
    "De school verzekert de leerling voor ongevallen en aansprakelijkheid tijdens de stage"
    " en op weg daarheen. Schade door werkzaamheden valt onder de verzekering van het"
    " bedrijf."
)


def _set_up(cast: SchoolCast, number: int, city: str) -> None:
    values = {
        "street": f"Schoolplein {number + 1}",
        "postcode": f"{POSTCODES[city]} AB",
        "telephone": f"026 000 90 0{number}",
        "absence_telephone": f"026 000 91 0{number}",
        "email": f"stage@{cast.domain}",
        "represented_by": DIRECTORS[number],
        "representative_function": "directeur",
        "colour": COLOURS[number],
        "holiday_region": HOLIDAYS,
        "student_explanation": (
            "Kies drie bedrijven die bij je passen. Kom je er niet uit? Loop langs bij je mentor."
        ),
    }
    with use(cast.scope):
        row = SchoolSettings.objects.of(cast.school.pk)
        school_settings.change_school_settings(row, values=values, actor=cast.coordinator)
        school_settings.change_settings(
            AgreementSettings.objects.of(cast.school.pk),
            values={"insurance_text": INSURANCE},
            actor=cast.coordinator,
        )


def _hire(cast: SchoolCast, people: Iterable[str]) -> None:
    rows = []
    for person in people:
        first, infix, last = split_name(person)
        email = f"{slug(first)}.{slug(last)}@{cast.domain}"
        code = slug(last)[:3].upper()
        row = {"first_name": first, "infix": infix, "last_name": last, "email": email, "code": code}
        rows.append(row)
    _load(TEACHERS.name, rows, cast)
    with use(cast.scope):
        staff = Membership.objects.active().filter(school=cast.school, role="teacher")
        cast.teachers = list(staff.select_related("school").order_by("pk"))


def _load(sheet: str, rows: list[dict], cast: SchoolCast) -> None:
    """Bring rows in as an import does once somebody confirmed it."""
    job = ImportJob(region_id=cast.school.region_id, school=cast.school, sheet=sheet)
    load = loaders.list_named(sheet).load
    with use(cast.scope):
        load(rows, job=job, actor=cast.coordinator, progress=lambda done: None)


def full_names(rng: Random) -> list[tuple[str, str, str]]:
    """As many different names as the demo may need."""
    every = [(first, *last) for first in FIRST_NAMES for last in LAST_NAMES]
    rng.shuffle(every)
    return every


def enrol(
    school: DemoSchool, *, names: list[tuple[str, str, str]], share: int, today: date, rng: Random
) -> None:
    """Bring in the students of all classes; `share`: one in so many, for a smaller demo."""
    rows, number = [], 0
    for group in CLASSES[school.number]:
        for index in range(max(group.size // share, 5)):
            number += 1
            mentor = school.cast.teachers[number % len(school.cast.teachers)]
            seat = 100_000 * (school.number + 1) + number
            rows.append(_row(school, group, index, seat, mentor, names.pop(), today, rng))
    _load(STUDENTS.name, rows, school.cast)
    with use(school.cast.scope):
        every = Student.objects.filter(school=school.cast.school).select_related("profile")
        for student in every.order_by("pk"):
            school.classes.setdefault(student.school_class, []).append(student)


def _row(school, group, index, seat, mentor, name, today, rng: Random) -> dict:
    first, infix, last = name
    town = rng.choice(TOWNS[school.number])
    age = (14.2 if group.year == 3 else 15.3) + rng.random() * 1.4
    if group.name == "4EO" and index == 0:
        age = 18.3  # signs without a guardian
    row = {f.name: f.empty for f in STUDENTS.fields} | {
        "number": str(seat),
        "first_name": first,
        "infix": infix.lower() if infix != "El" else "el",
        "last_name": last,
        "class_name": group.name,
        "year": group.year,
        "track": group.tracks[index % len(group.tracks)],
        "profile": group.profile,
        "birth_date": today - timedelta(days=int(age * 365.25)),
        "email": f"{slug(first)}.{slug(last)}@leerling.{school.cast.domain}",
        "phone": f"06 0000 {seat % 10000:04d}",
        "address": f"{rng.choice(STREETS)} {rng.randint(1, 240)}",
        "postcode": f"{POSTCODES[town]} {rng.choice('ABCDEGHJ')}{rng.choice('KLMNPRTV')}",
        "city": town,
        "mentor": mentor.abbreviation,
    }
    family = " ".join(filter(None, [row["infix"], last]))
    for number in range(1, 3 if index % 3 else 2):
        called = ("M.", "J.")[number - 1]
        row[f"guardian{number}_name"] = f"{called} {family}"
        row[f"guardian{number}_email"] = f"{slug(last)}.{seat}{'ab'[number - 1]}@thuis.voorbeeld"
        row[f"guardian{number}_phone"] = f"06 0001 {seat % 10000:04d}"
    return row


def allow_photos(school: DemoSchool, chosen: Iterable[Student]) -> None:
    """Two in three have their guardian's consent; of all it is known with whom they live."""
    chosen = list(chosen)
    with use(school.cast.scope):
        at_home = Guardian.objects.filter(student__in=chosen, email__contains="a@thuis")
        at_home.update(lives_here=True)
    for index, student in enumerate(chosen):
        if index % 3 != 2:
            values = {"photo_consent": True}
            by(school.coordinator, students.change_student, student, values=values)


def plan(
    school: DemoSchool,
    *,
    name: str,
    starts: date,
    ends: date,
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5),
    kind: str = PeriodKind.BLOCK,
) -> Period:
    """A period without its public holidays; one of months without those of school either."""
    values = {
        "name": name,
        "kind": kind,
        "starts": starts,
        "ends": ends,
        "weekdays": list(weekdays),
        "day_from": time(9, 0),
        "day_to": time(15, 30),
        "break_minutes": 30,
    }
    period = by(school.coordinator, periods.add_period, school.cast.school, values=values)
    by(school.coordinator, periods.add_public_holidays, period)
    if kind == PeriodKind.WEEKDAYS:
        with use(school.cast.scope):
            keys = [h.key for h in holidays.offered(period, HOLIDAYS) if h.ticked]
        by(school.coordinator, periods.add_holidays, period, keys)
    return period


def gather(school: DemoSchool, period: Period, *, name: str, members, companies) -> Group:
    """A group of students for a period, with the companies to ask."""
    actor = school.coordinator
    group = by(actor, groups.add_group, period, name=name)
    by(actor, groups.add_students, group, members)
    chosen = [c.pk for c in companies]
    by(actor, choose_companies, group, shown=chosen, chosen=chosen)
    return group
