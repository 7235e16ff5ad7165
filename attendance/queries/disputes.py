"""Days of which a company and a student say something else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F

from attendance.models import DisputedDay
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.dutch.names import full_name

LOOKS_BACK = timedelta(weeks=10)  # as far as a company is asked about its weeks
MOST_SHOWN = 50  # a number on a home page
_WHO = ("first_name", "infix", "last_name")
NEWS = timedelta(days=21)  # a week, and the two in which the company may change its word


def disputes_to_read(actor) -> list[DisputedDay]:
    """Of this student: what the company said lately and was not answered."""
    rows = DisputedDay.objects.visible_to(actor).standing()
    rows = rows.filter(answered_at=None, settled_at=None, date__gte=school_today() - NEWS)
    return list(rows.select_related("placement__company").order_by("date", "pk"))


def open_disputes(actor):
    """Of the students of this member of staff what nobody settled, the oldest first."""
    rows = DisputedDay.objects.visible_to(actor).open().filter(school_id=actor.school_id)
    rows = rows.filter(date__gte=school_today() - LOOKS_BACK)
    return rows.select_related("placement__student", "placement__company").order_by("date", "pk")


def brief(disputes):
    """Of so many the day, and the parts of the student's name."""
    parts = {part: F(f"placement__student__{part}") for part in _WHO}
    return disputes.select_related(None).values("date", **parts)[:MOST_SHOWN]


def name_in(row: dict[str, Any]) -> str:
    """The student's name in a row of `brief`."""
    return full_name(*(row[part] for part in _WHO))


def disputes_of(actor, placement: Placement) -> list[DisputedDay]:
    """Of one placement what the company still says, with the student's answer, the newest first."""
    rows = DisputedDay.objects.visible_to(actor).standing().filter(placement=placement)
    return list(rows.order_by("-date"))
