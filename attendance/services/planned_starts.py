"""Arrivals that a person notes afterwards: on the planned time, whoever says so."""

from __future__ import annotations

from collections.abc import Iterable

from attendance.enums import CheckInKind, CheckInMethod
from attendance.models import CheckIn
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import local_datetime


def start_as_planned(
    placement: Placement,
    days: Iterable[PlannedDay],
    *,
    method: CheckInMethod,
    settled_by: int | None = None,
) -> None:
    """A check-in at the planned time of each day; who has one already keeps it.

    `settled_by` is the key of the membership that settled it.
    """
    rows = [
        CheckIn.about(
            placement,
            date=planned.date,
            kind=CheckInKind.START,
            at=local_datetime(planned.date, planned.day_from),
            method=method,
            settled_by_id=settled_by,
        )
        for planned in days
    ]
    CheckIn.objects.bulk_create(rows, ignore_conflicts=True)
