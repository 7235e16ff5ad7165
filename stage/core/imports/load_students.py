"""Writes the checked rows of a list of students: updates by number, leaves no duplicates.

An empty cell changes nothing, so a short list never erases what a longer one brought. Students who
are missing from the file are named, never removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from stage.core import audit
from stage.core.imports.loaders import register
from stage.core.imports.refusal import RowsRefused
from stage.core.models import GroupStudent, Guardian, Membership, Profile, Student
from stage.core.names import search_key

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
    *("profile", "mentor", "left_on"),
]


@dataclass
class Plan:
    """What a list would do; `index` is that of the row."""

    new: list[Student] = field(default_factory=list)
    changed: list[tuple[Student, list[str]]] = field(default_factory=list)
    same: int = 0
    errors: list[tuple[int, str, str]] = field(default_factory=list)
    unknown_mentors: set[str] = field(default_factory=set)


def load_students(
    rows: list[dict[str, Any]], *, job, actor, progress: Callable[[int], None]
) -> dict[str, Any]:
    """Write all rows in the caller's transaction; counts, missing students, unknown mentors.

    Raises RowsRefused when a row cannot be written, for instance a new student without birthday.
    """
    known = {s.number: s for s in Student.objects.filter(school_id=job.school_id)}
    # Before the plan changes these rows.
    present = [(s.pk, s.school_class) for s in known.values() if s.left_on is None]
    plan = _plan(rows, known, job.school)
    if plan.errors:
        raise RowsRefused(plan.errors)
    _write(plan, actor, progress)
    numbers = [row["number"] for row in rows]
    keys = dict(
        Student.objects.filter(school_id=job.school_id, number__in=numbers).values_list(
            "number", "pk"
        )
    )
    guardians = _guardians(rows, keys, job.school_id, actor)
    touched = {s.number for s, _fields in plan.changed} | {s.number for s in plan.new}
    only_guardians = len({n for n in guardians if n not in touched})
    if job.group_id:
        GroupStudent.objects.bulk_create(
            [
                GroupStudent(school_id=job.school_id, group_id=job.group_id, student_id=pk)
                for pk in keys.values()
            ],
            ignore_conflicts=True,
            batch_size=CHUNK,
        )
    progress(len(rows))
    return {
        "new": len(plan.new),
        "changed": len(plan.changed) + only_guardians,
        "same": plan.same - only_guardians,
        "unknown_mentors": sorted(plan.unknown_mentors)[:50],
        **_missing(rows, present, set(keys.values())),
    }


def _plan(rows: list[dict[str, Any]], known: dict[str, Student], school) -> Plan:
    plan = Plan()
    profiles = dict(Profile.objects.values_list("code", "pk"))
    mentors = _mentors(school.pk)
    for index, row in enumerate(rows):
        values = _values(row, profiles)
        if row["mentor"]:
            mentor = mentors.get(search_key(row["mentor"]))
            if mentor is None:
                plan.unknown_mentors.add(row["mentor"])
            else:
                values["mentor_id"] = mentor
        plan.errors += [(index, *error) for error in _errors(row, values, known)]
        student = known.get(row["number"])
        if student is None:
            plan.new.append(Student(school=school, number=row["number"], **values))
            continue
        values["left_on"] = None
        changed = [name for name, value in values.items() if getattr(student, name) != value]
        for name in changed:
            setattr(student, name, values[name])
        if changed:
            plan.changed.append((student, changed))
        else:
            plan.same += 1
    return plan


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
    row: dict[str, Any], values: dict[str, Any], known: dict[str, Student]
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


def _guardians(rows: list[dict[str, Any]], keys: dict[str, int], school_id: int, actor) -> set[str]:
    """Add or complete guardians, matched by address, then by name; numbers of whom it concerned."""
    present: dict[int, list[Guardian]] = {}
    for guardian in Guardian.objects.filter(school_id=school_id).order_by("pk"):
        present.setdefault(guardian.student_id, []).append(guardian)
    new: list[Guardian] = []
    changed: dict[int, Guardian] = {}
    numbers: set[str] = set()
    for row in rows:
        student = keys[row["number"]]
        for given in _given_guardians(row):
            own = present.setdefault(student, [])
            found = _same_guardian(own, given)
            if found is None:
                guardian = Guardian(school_id=school_id, student_id=student, **given)
                own.append(guardian)
                new.append(guardian)
                numbers.add(row["number"])
            elif any(value and getattr(found, name) != value for name, value in given.items()):
                for name, value in given.items():
                    setattr(found, name, value or getattr(found, name))
                if found.pk:
                    changed[found.pk] = found
                numbers.add(row["number"])
    Guardian.objects.bulk_create(new, batch_size=CHUNK)
    Guardian.objects.bulk_update(changed.values(), ["name", "email", "telephone"], batch_size=200)
    audit.record_all(audit.entry_of(actor, "guardian_added", g) for g in new)
    audit.record_all(audit.entry_of(actor, "guardian_changed", g) for g in changed.values())
    return numbers


def _given_guardians(row: dict[str, Any]) -> Iterable[dict[str, str]]:
    for number in ("1", "2"):
        name = row[f"guardian{number}_name"]
        email, phone = row[f"guardian{number}_email"], row[f"guardian{number}_phone"]
        if name or email:
            yield {"name": (name or email)[:120], "email": email, "telephone": phone}


def _same_guardian(own: list[Guardian], given: dict[str, str]) -> Guardian | None:
    email, name = given["email"].lower(), search_key(given["name"])
    by_mail = next((g for g in own if email and g.email.lower() == email), None)
    return by_mail or next((g for g in own if search_key(g.name) == name), None)


def _missing(
    rows: list[dict[str, Any]], present: list[tuple[int, str]], found: set[int]
) -> dict[str, Any]:
    """Students of the same classes who are not in the file."""
    classes = {row["class_name"] for row in rows if row["class_name"]}
    gone = [pk for pk, name in present if pk not in found and name in classes]
    return {"missing": gone[:MAX_MISSING], "missing_count": len(gone)}


register("students", load_students)
