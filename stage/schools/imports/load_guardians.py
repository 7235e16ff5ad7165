"""The guardians in a list of students: added or completed, matched by address, then by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from stage.core.dutch.names import search_key
from stage.core.record import audit
from stage.schools.models import Guardian, Student
from stage.schools.services import guardians
from stage.schools.signals import guardians_added

BATCH = 1000
WRITTEN = ["name", "email", "telephone"]
MAX_EMAIL = Guardian._meta.get_field("email").max_length or 0
MAX_NAME = Guardian._meta.get_field("name").max_length or 0


@dataclass
class Plan:
    """What a list would do; `numbers` are those of the students whom it concerns."""

    new: list[tuple[str, Guardian]] = field(default_factory=list)  # with the student's number
    changed: dict[int, Guardian] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)  # ids whose address becomes another
    numbers: set[str] = field(default_factory=set)
    errors: list[tuple[int, str, str]] = field(default_factory=list)


def plan(rows: list[dict[str, Any]], known: dict[str, Student], school_id: int) -> Plan:
    """Compare the rows with the guardians of the students `known` by number; writes nothing."""
    numbers = {s.pk: number for number, s in known.items()}
    present: dict[str, list[Guardian]] = {}
    for guardian in Guardian.objects.filter(school_id=school_id).order_by("pk"):
        present.setdefault(numbers.get(guardian.student_id, ""), []).append(guardian)
    found = Plan()
    for index, row in enumerate(rows):
        own = present.setdefault(row["number"], [])
        found.errors += [(index, *error) for error in errors_of(row)]
        for which in ("guardian1", "guardian2"):
            email = row[f"{which}_email"]
            name = (row[f"{which}_name"] or email)[:MAX_NAME]
            given = {"name": name, "email": email, "telephone": row[f"{which}_phone"]}
            if name and _take(found, own, row["number"], given, school_id):
                found.numbers.add(row["number"])
    return found


def errors_of(row: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """What the database could not hold of a row's guardians: field and message."""
    for name in ("guardian1_email", "guardian2_email"):
        if len(row[name]) > MAX_EMAIL:
            yield name, _("Dit is langer dan %(max)s tekens. Kort het in.") % {"max": MAX_EMAIL}


def _take(
    found: Plan, own: list[Guardian], number: str, given: dict[str, str], school_id: int
) -> bool:
    """Put one guardian in the plan; whether anything changes."""
    same = _same_guardian(own, given)
    if same is None:
        guardian = Guardian(school_id=school_id, **given)
        own.append(guardian)
        found.new.append((number, guardian))
        return True
    if not any(value and getattr(same, name) != value for name, value in given.items()):
        return False
    if same.pk and guardians.is_other_address(same.email, given["email"] or same.email):
        found.moved.add(same.pk)
    for name, value in given.items():
        setattr(same, name, value or getattr(same, name))
    if same.pk:
        found.changed[same.pk] = same
    return True


def _same_guardian(own: Iterable[Guardian], given: dict[str, str]) -> Guardian | None:
    if not own:
        return None
    email, name = given["email"].lower(), search_key(given["name"])
    by_mail = next((g for g in own if email and g.email.lower() == email), None)
    return by_mail or next((g for g in own if search_key(g.name) == name), None)


def write(found: Plan, keys: dict[str, int], actor) -> None:
    """Write the plan in the caller's transaction; `keys`: ids of the students by number."""
    new = [guardian for _number, guardian in found.new]
    for number, guardian in found.new:
        guardian.student_id = keys[number]
    Guardian.objects.bulk_create(new, batch_size=BATCH)
    # INSERT … ON CONFLICT: one statement, where bulk_update would be a CASE per cell.
    Guardian.objects.bulk_create(
        found.changed.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=WRITTEN,
        batch_size=BATCH,
    )
    guardians.begin_anew(found.moved, how="changed", actor=actor)
    guardians_added.send(Guardian, added=new, actor=actor)
    audit.record_all(audit.entry_of(actor, "guardian_added", g) for g in new)
    audit.record_all(audit.entry_of(actor, "guardian_changed", g) for g in found.changed.values())
