"""Writes the checked rows of a list of students: updates by number, leaves no duplicates.

An empty cell changes nothing, so a short list never erases what a longer one brought. Students who
are missing from the file are named, never removed.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from stage.core.dutch.names import search_key
from stage.core.models import Membership
from stage.core.record import audit
from stage.schools.imports import load_guardians, samples
from stage.schools.imports.loaders import register
from stage.schools.imports.refusal import RowsRefused
from stage.schools.imports.sheets import STUDENTS
from stage.schools.models import GroupStudent, Profile, Student

CHUNK = 500
MAX_MISSING = 200  # named one by one; the count is exact

# Field of the sheet -> field of the model.
PLAIN = {
    "class_name": "school_class",
    "year": "year",
    "track": "leerweg",
    "birth_date": "birth_date",
    "email": "email",
    "phone": "telephone",
    "address": "street",
    "postcode": "postcode",
    "city": "city",
}
WRITTEN = [
    *("first_name", "infix", "last_name", "sort_name", "search_name"),
    *PLAIN.values(),
    *("profile", "mentor", "left_on", "leaves_on"),
]


@dataclass
class Plan:
    """What a list would do; in `errors` the first is the index of the row."""

    known: dict[str, Student]  # by number
    numbers: list[str]  # of the rows, in their order
    new: list[Student] = field(default_factory=list)
    changed: list[tuple[Student, list[str]]] = field(default_factory=list)
    same: int = 0
    errors: list[tuple[int, str, str]] = field(default_factory=list)
    unknown_mentors: set[str] = field(default_factory=set)
    missing: list[int] = field(default_factory=list)
    guardians: load_guardians.Plan = field(default_factory=load_guardians.Plan)

    def keys(self) -> dict[str, int]:
        """Student ids by number; complete after writing."""
        known = {number: s.pk for number, s in self.known.items()}
        return known | {s.number: s.pk for s in self.new}

    def counts(self) -> dict[str, Any]:
        """The outcome as the page shows it; a student whose guardians change counts as changed."""
        touched = {s.number for s, _fields in self.changed} | {s.number for s in self.new}
        only_guardians = len(self.guardians.numbers - touched)
        return {
            "new": len(self.new),
            "changed": len(self.changed) + only_guardians,
            "same": self.same - only_guardians,
            "unknown_mentors": sorted(self.unknown_mentors)[:50],
            "missing": self.missing[:MAX_MISSING],
            "missing_count": len(self.missing),
        }


def load_students(
    rows: list[dict[str, Any]], *, job, actor, progress: Callable[[int], None]
) -> dict[str, Any]:
    """Write all rows in the caller's transaction; counts, missing students, unknown mentors.

    Raises RowsRefused when a row cannot be written, for instance a new student without birthday.
    """
    plan = _plan(rows, job)
    _write(plan, actor, progress)
    keys = plan.keys()
    load_guardians.write(plan.guardians, keys, actor)
    if job.group_id:
        GroupStudent.objects.bulk_create(
            [
                GroupStudent(school_id=job.school_id, group_id=job.group_id, student_id=keys[n])
                for n in plan.numbers
            ],
            ignore_conflicts=True,
            batch_size=CHUNK,
        )
    progress(len(rows))
    return plan.counts()


def preview_students(rows: list[dict[str, Any]], *, job, actor) -> dict[str, Any]:
    """What `load_students` would answer, from reads alone. Raises RowsRefused as it would."""
    return _plan(rows, job).counts()


def problems_of_students(rows: list[dict[str, Any]], *, job, actor) -> list[tuple[int, str, str]]:
    """What stands in the way of writing single rows, as RowsRefused has it; from reads alone."""
    numbers = Student.objects.filter(school_id=job.school_id).values_list("number", flat=True)
    known, profiles = set(numbers), dict(Profile.objects.values_list("code", "pk"))
    found = []
    for index, row in enumerate(rows):
        found += [(index, *error) for error in _errors(row, _values(row, profiles), known)]
        found += [(index, *error) for error in load_guardians.errors_of(row)]
    return found


def _plan(rows: list[dict[str, Any]], job) -> Plan:
    """Compare a list with what is there; raises RowsRefused for what cannot be written."""
    known = {s.number: s for s in Student.objects.filter(school_id=job.school_id)}
    plan = Plan(known=known, numbers=[row["number"] for row in rows])
    # Before the plan changes these rows.
    plan.missing = _missing(rows, known)
    profiles = dict(Profile.objects.values_list("code", "pk"))
    mentors = _mentors(job.school_id)
    for index, row in enumerate(rows):
        values = _values(row, profiles)
        if row["mentor"]:
            mentor = mentors.get(search_key(row["mentor"]))
            if mentor is None:
                plan.unknown_mentors.add(row["mentor"])
            else:
                values["mentor_id"] = mentor
        plan.errors += [(index, *error) for error in _errors(row, values, known)]
        _take(plan, row["number"], values, job.school)
    plan.guardians = load_guardians.plan(rows, known, job.school_id)
    plan.errors += plan.guardians.errors
    if plan.errors:
        raise RowsRefused(sorted(plan.errors, key=itemgetter(0)))
    return plan


def _take(plan: Plan, number: str, values: dict[str, Any], school) -> None:
    student = plan.known.get(number)
    if student is None:
        plan.new.append(Student(school=school, number=number, **values))
        return
    values["left_on"] = values["leaves_on"] = None
    changed = [name for name, value in values.items() if getattr(student, name) != value]
    for name in changed:
        setattr(student, name, values[name])
    if changed:
        plan.changed.append((student, changed))
    else:
        plan.same += 1


def _values(row: dict[str, Any], profiles: dict[str, int]) -> dict[str, Any]:
    values = {own: row[name] for name, own in PLAIN.items() if row[name] not in ("", None)}
    values["first_name"] = row["first_name"]
    if row["last_name"]:
        # One name out of three columns: without tussenvoegsel means that there is none.
        values |= {"infix": row["infix"], "last_name": row["last_name"]}
    if row["profile"]:
        values["profile_id"] = profiles[row["profile"]]
    return values


_SHEET_NAME = {own: name for name, own in PLAIN.items()}


def _errors(
    row: dict[str, Any], values: dict[str, Any], known: Container[str]
) -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        limit = (
            None
            if name.endswith("_id")
            else getattr(Student._meta.get_field(name), "max_length", None)
        )
        if limit and len(value) > limit:
            message = _("Dit is langer dan %(max)s tekens. Kort het in.") % {"max": limit}
            yield _SHEET_NAME.get(name, name), message
    if row["number"] not in known and not row["birth_date"]:
        yield "birth_date", _("Vul de geboortedatum in: een nieuwe leerling heeft die nodig.")


def _mentors(school_id: int) -> dict[str, int]:
    """Staff by abbreviation, name and address; what two people share says nothing."""
    staff = Membership.objects.active().staff().filter(school_id=school_id).order_by("pk")
    found: dict[str, int | None] = {}
    for member in staff:
        for word in {search_key(w) for w in (member.abbreviation, member.name, member.email) if w}:
            found[word] = None if word in found else member.pk
    return {word: pk for word, pk in found.items() if pk is not None}


def _write(plan: Plan, actor, progress: Callable[[int], None]) -> None:
    done = plan.same
    for start in range(0, len(plan.new), CHUNK):
        part = plan.new[start : start + CHUNK]
        for student in part:
            student.derive_names()
        Student.objects.bulk_create(part)
        audit.record_all(audit.entry_of(actor, "student_added", s) for s in part)
        progress(done := done + len(part))
    for start in range(0, len(plan.changed), CHUNK):
        rows = plan.changed[start : start + CHUNK]
        # INSERT … ON CONFLICT: one statement, where bulk_update would be a CASE per cell.
        copies = [_copy(student) for student, _fields in rows]
        Student.objects.bulk_create(
            copies,
            update_conflicts=True,
            unique_fields=["school", "number"],
            update_fields=WRITTEN,
        )
        audit.record_all(
            audit.entry_of(
                actor, "student_changed", s, fields=[f.removesuffix("_id") for f in names]
            )
            for s, names in rows
        )
        progress(done := done + len(rows))


def _copy(student: Student) -> Student:
    fields = ("school_id", "number", "photo_consent", "profile_id", "mentor_id")
    names = [*fields, *(f for f in WRITTEN if f not in ("profile", "mentor"))]
    copy = Student(**{name: getattr(student, name) for name in names})
    copy.derive_names()
    return copy


def _missing(rows: list[dict[str, Any]], known: dict[str, Student]) -> list[int]:
    """Ids of the students of the same classes who are not in the file."""
    classes = {row["class_name"] for row in rows if row["class_name"]}
    numbers = {row["number"] for row in rows}
    return [
        s.pk
        for s in known.values()
        if s.left_on is None and s.number not in numbers and s.school_class in classes
    ]


register(
    STUDENTS,
    load_students,
    page="schools:student_list",
    sample=samples.STUDENTS,
    preview=preview_students,
    problems=problems_of_students,
)
