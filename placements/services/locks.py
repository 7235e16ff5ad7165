"""The rows that guard the rules, always locked in this order: the student, then the place.

Run in the school's scope. `no_key`: others may go on pointing at the row meanwhile.
"""

from __future__ import annotations

from companies.models import Place
from stage.core.models import Student


def lock_student(student_id: int) -> Student:
    """One at a time per student: limits, one placement per period, the order of wishes."""
    return Student.objects.select_for_update(no_key=True).get(pk=student_id)


def lock_place(place_id: int) -> Place:
    """One at a time per place: the last one is never given twice."""
    return Place.objects.select_for_update(no_key=True).get(pk=place_id)
