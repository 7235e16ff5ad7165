"""Students and their guardians: who may see what, and every change of them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stage.core.dutch.calendar import school_today
from stage.core.models import Membership, School
from stage.core.record import audit
from stage.core.who.policies import Conflict, coordinator_of, require
from stage.schools.models import Guardian, LoginCode, Student
from stage.schools.services import guardians, stand_ins
from stage.schools.services.people import coordinator_at
from stage.schools.signals import guardian_removed, guardian_settled, guardians_added


@transaction.atomic
def add_student(school: School, *, values: dict, actor) -> Student:
    """Add one student; `values` by field name. Raises NotAllowed, Conflict for a known number."""
    require(coordinator_at, actor, school)
    student = Student(school=school, **values)
    try:
        with transaction.atomic():
            student.save()
    except IntegrityError:
        raise Conflict(_("Dit leerlingnummer is al van een andere leerling.")) from None
    audit.record(actor, "student_added", student, fields=values)
    if student.mentor_id:
        stand_ins.lay(student.school_id)
    return student


@transaction.atomic
def change_student(student: Student, *, values: dict, actor) -> list[str]:
    """Change a student; answers which fields changed. Raises NotAllowed, Conflict."""
    require(coordinator_of, actor, student)
    row = Student.objects.select_for_update().get(pk=student.pk)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(row, name, values[name])
    try:
        with transaction.atomic():
            row.save(update_fields=[*changed, "sort_name", "search_name"])
    except IntegrityError:
        raise Conflict(_("Dit leerlingnummer is al van een andere leerling.")) from None
    audit.record(actor, "student_changed", row, fields=changed)
    if "mentor" in changed:
        stand_ins.lay(row.school_id)
    return changed


@transaction.atomic
def add_guardian(student: Student, *, values: dict, actor) -> Guardian:
    """Add a guardian. Raises NotAllowed."""
    require(coordinator_of, actor, student)
    guardian = Guardian.objects.create(school_id=student.school_id, student=student, **values)
    audit.record(actor, "guardian_added", guardian, fields=values)
    guardians_added.send(Guardian, added=[guardian], actor=actor)
    return guardian


@transaction.atomic
def change_guardian(guardian: Guardian, *, values: dict, actor) -> None:
    """Change a guardian. Raises NotAllowed."""
    require(coordinator_of, actor, guardian)
    guardian = Guardian.objects.select_for_update().get(pk=guardian.pk)
    changed = [name for name, value in values.items() if getattr(guardian, name) != value]
    if changed:
        Guardian.objects.filter(pk=guardian.pk).update(**{n: values[n] for n in changed})
        audit.record(actor, "guardian_changed", guardian, fields=changed)
    if guardians.is_other_address(guardian.email, values.get("email", guardian.email)):
        guardians.begin_anew([guardian.pk], how="changed", actor=actor)


@transaction.atomic
def confirm_guardian_address(guardian: Guardian, *, actor) -> None:
    """The school looked at a stopped address and finds it right: five new tries, mail goes again.

    Raises NotAllowed.
    """
    require(coordinator_of, actor, guardian)
    guardians.begin_anew([guardian.pk], how="confirmed", actor=actor)
    audit.record(actor, "guardian_address_confirmed", guardian, fields=("email",))


@transaction.atomic
def remove_guardian(guardian: Guardian, *, actor) -> None:
    """Remove a guardian. Raises NotAllowed."""
    require(coordinator_of, actor, guardian)
    audit.record(actor, "guardian_removed", guardian)
    guardian_settled.send(Guardian, ids=[guardian.pk], how="removed", actor=actor)
    guardian.delete()
    guardian_removed.send(Guardian, guardian=guardian, actor=actor)


def log_in_states(students) -> dict[int, str]:
    """Per student "active" (logged in once), "card" (one on paper), "made" (one to print) or

    "none".
    """
    keys = [s.pk for s in students]
    members = Membership.objects.filter(student_id__in=keys, ended_at=None)
    active = set(members.values_list("student_id", flat=True))
    cards = LoginCode.objects.working().filter(student__in=keys)
    printed = dict(cards.values_list("student_id", "printed_at"))
    found = {k: "card" if at else "made" for k, at in printed.items()}
    return {k: "active" if k in active else found.get(k, "none") for k in keys}


def is_minor_today(student: Student) -> bool:
    """Whether the student is under eighteen today, on the Dutch calendar."""
    return student.is_minor_on(school_today())
