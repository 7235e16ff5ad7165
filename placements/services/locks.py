"""The rows that guard the rules, always locked in this order: the student, then the place.

Run in the school's scope. `no_key`: others may go on pointing at the row meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

from companies.models import Place
from placements.models import Application
from stage.schools.models import Student


def lock_student(student_id: int) -> Student:
    """One at a time per student: limits, one placement per period, the order of wishes."""
    return Student.objects.select_for_update(no_key=True).get(pk=student_id)


def lock_place(place_id: int) -> Place:
    """One at a time per place: the last one is never given twice."""
    return Place.objects.select_for_update(no_key=True).get(pk=place_id)


def lock_many(student_ids: Iterable[int], place_ids: Iterable[int], period_id: int) -> None:
    """For who goes on with several in one transaction: all students, then all places.

    Then what the students asked for in this period, which a company that takes back a place may
    be closing at the same time. Each by its key, so that two who take the same ones do not wait for
    each other.
    """
    students = sorted(set(student_ids))
    wishes = Application.objects.filter(student__in=students, period=period_id)
    for rows in (
        Student.objects.filter(pk__in=students),
        Place.objects.filter(pk__in=sorted(set(place_ids))),
        wishes,
    ):
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
