"""Students and guardians as mail, links and devices know people; who a school's mail comes from."""

from __future__ import annotations

import base64

from stage.core import mail
from stage.core.enums import Audience, PersonKind
from stage.core.files import store as files
from stage.core.models import School
from stage.core.tenants.statements import ask
from stage.core.tenants.tenancy import Scope
from stage.core.who.actors import Actor
from stage.core.who.identities import actor_of_device_kind, people_at_address
from stage.schools.models import Guardian, RegionSettings, SchoolSettings, Student
from stage.schools.models.students import BIRTHDAY_TRIES


@mail.person_of_kind(PersonKind.STUDENT)
def _student(person_id: int) -> mail.Person | None:
    row = Student.objects.filter(pk=person_id, left_on__isnull=True).first()
    if row is None:
        return None
    return mail.Person("student", row.pk, row.first_name, row.email, row.school_id)


@mail.person_of_kind(PersonKind.GUARDIAN)
def _guardian(person_id: int) -> mail.Person | None:
    row = Guardian.objects.filter(pk=person_id).first()
    if row is None:
        return None
    return mail.Person(
        "guardian", row.pk, row.name, row.email, row.school_id, stopped=row.is_stopped
    )


@actor_of_device_kind(PersonKind.GUARDIAN)
def _actor_of_guardian(device) -> Actor | None:
    rows = ask("guardians_at", device.email)
    row = next((r for r in rows if r["id"] == device.person_id), None)
    # Who said "this is not my child" sees nothing of it, also where the mailbox was proven.
    if row is None or row["disowned"]:
        return None
    scope = Scope(
        "student",
        school=row["school_id"],
        student=row["student_id"],
        regions=(row["region_id"],),
    )
    return Actor(
        kind="guardian",
        id=row["id"],
        role=Audience.GUARDIAN,
        scope=scope,
        name=row["name"],
        email=row["email"],
    )


@people_at_address(PersonKind.GUARDIAN)
def _guardians_at(email: str) -> list[mail.Person]:
    return [
        mail.Person("guardian", g["id"], g["name"], g["email"], g["school_id"], g["region_id"])
        for g in ask("guardians_at", email)
        if not (g["has_left"] or g["disowned"]) and g["wrong_birthdays"] < BIRTHDAY_TRIES
    ]


@mail.sender
def _sender(*, school_id: int | None, region_id: int) -> mail.Sender:
    if school_id:
        name = School.objects.values_list("name", flat=True).get(pk=school_id)
        return mail.Sender(name, SchoolSettings.objects.of(school_id).telephone)
    settings = RegionSettings.objects.select_related("region").of(region_id)
    name = settings.shown_name or settings.region.name
    return mail.Sender(name, settings.telephone, settings.email)


def logo_data(school_id: int) -> str:
    """The school's logo as a `data:` address, for papers; empty when there is none."""
    row = SchoolSettings.objects.select_related("logo").of(school_id)
    if row.logo is None or row.logo.removed_at:
        return ""
    encoded = base64.b64encode(files.read(row.logo)).decode()
    return f"data:{row.logo.content_type};base64,{encoded}"
