"""Days of which a company and a student say something else."""

from __future__ import annotations

from datetime import timedelta

from attendance.models import DisputedDay
from placements.models import Placement
from stage.core.dutch.calendar import school_today

NEWS = timedelta(days=21)  # a week, and the two in which the company may change its word


def disputes_to_read(actor) -> list[DisputedDay]:
    """Of this student: what the company said lately and was not answered."""
    rows = DisputedDay.objects.visible_to(actor).standing()
    return list(rows.filter(answered_at=None, date__gte=school_today() - NEWS))


def disputes_of(actor, placement: Placement) -> list[DisputedDay]:
    """Of one placement what the company still says, with the student's answer, the newest first."""
    rows = DisputedDay.objects.visible_to(actor).standing().filter(placement=placement)
    return list(rows.order_by("-date"))
