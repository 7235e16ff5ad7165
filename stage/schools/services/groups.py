"""Groups of students that go on the same period."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from stage.core.record import audit
from stage.core.who.policies import Conflict, coordinator_of, require
from stage.schools.models import Group, GroupStudent, Period, Student


@transaction.atomic
def add_group(period: Period, *, name: str, actor) -> Group:
    """Make an empty group. Raises NotAllowed, Conflict when the period has one of this name."""
    require(coordinator_of, actor, period)
    group = Group(school_id=period.school_id, period=period, name=name)
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise Conflict(_("Deze periode heeft al een groep met deze naam.")) from None
    audit.record(actor, "group_added", group, fields=("name", "period"))
    return group


@transaction.atomic
def add_students(group: Group, students: Iterable[Student], *, actor) -> int:
    """Put students of the same school in the group; answers how many were new."""
    require(coordinator_of, actor, group)
    known = set(group.members.values_list("student_id", flat=True))
    new = [s for s in students if s.pk not in known]
    for student in new:
        require(coordinator_of, actor, student)
    GroupStudent.objects.bulk_create(
        [GroupStudent(school_id=group.school_id, group=group, student=s) for s in new],
        ignore_conflicts=True,
    )
    if new:
        audit.record(actor, "group_students_added", group)
    return len(new)


@transaction.atomic
def remove_students(group: Group, students: Iterable[Student], *, actor) -> int:
    """Take students out of the group; their applications and placements stay."""
    require(coordinator_of, actor, group)
    removed, _by_model = group.members.filter(student__in=list(students)).delete()
    if removed:
        audit.record(actor, "group_students_removed", group)
    return removed


@transaction.atomic
def remove_group(group: Group, *, actor) -> None:
    """Remove a group without campaigns. Raises NotAllowed, Conflict."""
    require(coordinator_of, actor, group)
    audit.record(actor, "group_removed", group)
    try:
        with transaction.atomic():
            group.delete()
    except (ProtectedError, IntegrityError):
        raise Conflict(
            _("Deze groep hoort bij een brief aan bedrijven. Verwijderen kan niet.")
        ) from None
