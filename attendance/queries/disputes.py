"""Days of which a company and a student say something else."""

from __future__ import annotations

from datetime import timedelta

from attendance.models import DisputedDay
from stage.core.dutch.calendar import school_today

NEWS = timedelta(days=21)  # a week, and the two in which the company may change its word


def disputes_to_read(actor) -> list[DisputedDay]:
    """Of this student: what the company said lately and was not answered."""
    rows = DisputedDay.objects.visible_to(actor).standing()
    return list(rows.filter(answered_at=None, date__gte=school_today() - NEWS))


def answered(actor):
    """Of the students this member of staff reaches: what was answered lately, the newest first."""
    rows = DisputedDay.objects.visible_to(actor).standing().filter(school_id=actor.school_id)
    rows = rows.filter(answered_at__isnull=False, date__gte=school_today() - NEWS)
    return rows.select_related("student", "placement__company").order_by("-answered_at", "pk")
