"""A week of many placements as a picture, read in one trip: for a list that reads much else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from attendance.days import make_day
from attendance.models import Absence, AttendanceSettings, CheckIn, ConfirmedDay
from attendance.queries.folder import absence_on
from placements.models import Placement, PlannedDay
from stage.core.ui.counting import read_all

LATE_AFTER = AttendanceSettings._meta.get_field("late_after_minutes").default


def strips_of(
    actor, placements: Iterable[Placement], monday: date, sunday: date
) -> dict[int, list[tuple[date, str]]]:
    """Per placement (its key) Monday to Friday, and what happened in the weekend: day and state.

    The same states as `days_of`.
    """
    placements = list(placements)
    here = {"placement__in": [p.pk for p in placements]}
    span = {"date__gte": monday, "date__lte": sunday}
    planned_days, arrivals, away, said, limits = read_all(
        PlannedDay.objects.visible_to(actor)
        .filter(**here, **span)
        .values("placement_id", "date", "day_from"),
        CheckIn.objects.visible_to(actor)
        .starts()
        .filter(**here, **span)
        .values("placement_id", "date", "flags"),
        Absence.objects.visible_to(actor)
        .filter(**here)
        .touching(monday, sunday)
        .values("id", "placement_id", "starts", "ends", "kind", "excused", "at_time"),
        ConfirmedDay.objects.visible_to(actor)
        .filter(**here, **span)
        .current()
        .values("placement_id", "date", "minutes"),
        AttendanceSettings.objects.filter(school__in={p.school_id for p in placements}).values(
            "school_id", "late_after_minutes"
        ),
    )
    planned = {_of(row): _planned(row) for row in planned_days}
    check_ins = {_of(row): CheckIn(flags=row["flags"]) for row in arrivals}
    confirmed = {_of(row): row["minutes"] for row in said}
    late_after = {row["school_id"]: row["late_after_minutes"] for row in limits}
    absences = defaultdict(list)
    for row in away:
        absences[row["placement_id"]].append(_absence(row))
    week, now, found = [monday + timedelta(days=n) for n in range(7)], timezone.now(), {}
    for p in placements:
        days = [d for d in week if d.isoweekday() < 6 or {(p.pk, d)} & {*planned, *check_ins}]
        found[p.pk] = [
            (
                day,
                make_day(
                    day,
                    planned.get((p.pk, day)),
                    check_ins.get((p.pk, day)),
                    absence_on(absences[p.pk], day),
                    None,
                    confirmed.get((p.pk, day)),
                    now=now,
                    late_after=late_after.get(p.school_id, LATE_AFTER),
                    made_on=p.made_on,
                ).state,
            )
            for day in days
        ]
    return found


def _of(row: dict[str, Any]) -> tuple[int, date]:
    return row["placement_id"], date.fromisoformat(row["date"])


def _planned(row: dict[str, Any]) -> PlannedDay:
    day_from = time.fromisoformat(row["day_from"])
    return PlannedDay(date=date.fromisoformat(row["date"]), day_from=day_from)


def _absence(row: dict[str, Any]) -> Absence:
    ends = date.fromisoformat(row["ends"]) if row["ends"] else None
    return Absence(
        pk=row["id"],
        starts=date.fromisoformat(row["starts"]),
        ends=ends,
        kind=row["kind"],
        excused=row["excused"],
        at_time=time.fromisoformat(row["at_time"]) if row["at_time"] else None,
    )
