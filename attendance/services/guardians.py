"""Whether fathers, mothers and carers hear of it, as the school chose."""

from __future__ import annotations

from attendance.models import AttendanceSettings
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import PersonKind
from stage.schools.models import Guardian, Student


def who_hear(placement: Placement) -> list[tuple[str, int]]:
    """Who hears that a student is reported ill, late or away. Runs in the school's scope."""
    settings = AttendanceSettings.objects.of(placement.school_id)
    return of_minor(placement.student_id) if settings.guardians_hear else []


def of_minor(student_id: int) -> list[tuple[str, int]]:
    """The guardians of a minor, each address once. Runs in the school's scope."""
    student = Student.objects.get(pk=student_id)
    if student.left_on is not None or not student.is_minor_on(school_today()):
        return []
    rows = Guardian.objects.filter(student=student_id).order_by("pk")
    found = {row.email.lower(): row.pk for row in rows if row.email and not row.is_stopped}
    return [(PersonKind.GUARDIAN.value, pk) for pk in found.values()]
