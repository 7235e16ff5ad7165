"""A clock on a day of the placement, and rows as people would make them."""

from __future__ import annotations

from datetime import date, datetime, time

import time_machine

from attendance.models import Absence, CheckIn, ConfirmedDay, DayReport
from placements.models import Placement, PlannedDay
from placements.services.guiding import write_guides
from stage.core.dutch.calendar import AMSTERDAM
from stage.core.models.base import values_about
from stage.core.tenants.tenancy import SYSTEM, use

MONDAY = date(2027, 1, 11)  # the first day of everybody's placement, 08:30 to 15:30
TUESDAY = date(2027, 1, 12)
FRIDAY = date(2027, 1, 15)
SATURDAY = date(2027, 1, 16)
WEEK = "2027-W02"


def at(day: date, clock: str = "08:20"):
    """The world at a time on the Dutch clock."""
    moment = datetime.combine(day, time.fromisoformat(clock), tzinfo=AMSTERDAM)
    return time_machine.travel(moment, tick=False)


def about(placement: Placement) -> dict:
    """For rows of several models about one placement."""
    return values_about(CheckIn, placement)


def checked_in(placement: Placement, day: date, clock: str = "08:20", **values) -> CheckIn:
    moment = datetime.combine(day, time.fromisoformat(clock), tzinfo=AMSTERDAM)
    values = {"method": "poster", **values}
    with use(SYSTEM):
        return CheckIn.objects.create_about(placement, date=day, at=moment, **values)


def ill(placement: Placement, day: date, **values) -> Absence:
    values = {"kind": "ill", "reported_kind": "student", **values}
    with use(SYSTEM):
        return Absence.objects.create_about(placement, starts=day, **values)


def reported(placement: Placement, day: date, text: str = "Brood gebakken.") -> DayReport:
    with use(SYSTEM):
        return DayReport.objects.create_about(placement, date=day, text=text, mood="good")


def confirmed(placement: Placement, minutes: dict[date, int], version: int = 1, **values) -> None:
    """The company's word about days, as its supervisor gave it."""
    values = {"by_id": placement.supervisor_id, **values}
    with use(SYSTEM):
        ConfirmedDay.objects.bulk_create(
            ConfirmedDay.about(placement, date=day, minutes=m, version=version, **values)
            for day, m in minutes.items()
        )


def said(placement: Placement) -> dict[date, int]:
    """What counts of each day, past every wall."""
    with use(SYSTEM):
        rows = ConfirmedDay.objects.filter(placement=placement).minutes()
    return {day: m for (_pk, day), m in sorted(rows.items())}


def another_placement(sw, home, n: int, *, teacher=None) -> Placement:
    """A second or third student at the same company and days as the first."""
    first = sw.placement
    with use(SYSTEM):
        placement = Placement.objects.create(
            school=sw.school,
            student=sw.students[n],
            company_id=first.company_id,
            place_id=first.place_id,
            period=sw.period,
            location_id=first.location_id,
            teacher=teacher or sw.teacher,
            supervisor_id=first.supervisor_id,
            starts=first.starts,
            ends=first.ends,
            weekdays=first.weekdays,
            day_from=first.day_from,
            day_to=first.day_to,
            state=first.state,
        )
        write_guides([placement])
        for day in sw.period.days():
            PlannedDay.objects.create_about(
                placement,
                date=day,
                day_from=first.day_from,
                day_to=first.day_to,
                break_minutes=30,
            )
    return placement


def everything(model):
    """All rows of a model, past every wall."""
    with use(SYSTEM):
        return list(model.objects.order_by("pk"))
