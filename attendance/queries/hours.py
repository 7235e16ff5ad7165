"""The attendance list: what was planned, what happened, what the company confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from attendance.days import Day, hours_text
from attendance.enums import COUNTING_PLACEMENTS
from attendance.queries.folder import days_of, total_minutes
from placements.models import Placement


@dataclass(frozen=True)
class HoursLine:
    """One placement in the list. Minutes; counts of days until today."""

    placement: Placement
    days: list[Day]
    planned: int
    confirmed: int
    counts: Counter
    worked: int = 0
    missed: int = 0
    caught_up: int = 0

    @property
    def planned_hours(self) -> str:
        return hours_text(self.planned)

    @property
    def confirmed_hours(self) -> str:
        return hours_text(self.confirmed)

    @property
    def worked_hours(self) -> str:
        return hours_text(self.worked)

    @property
    def missed_hours(self) -> str:
        return hours_text(self.missed)

    @property
    def caught_up_hours(self) -> str:
        return hours_text(self.caught_up)

    @property
    def called_off(self) -> int:
        """Days that did not go through: no absence."""
        return self.counts["called_off"]

    @property
    def present(self) -> int:
        return self.counts["present"] + self.counts["late"]

    @property
    def late(self) -> int:
        return self.counts["late"]

    @property
    def ill(self) -> int:
        return self.counts["ill"]

    @property
    def away(self) -> int:
        return self.counts["absent"] + self.counts["excused"]

    @property
    def unknown(self) -> int:
        return self.counts["unknown"]


def listed(actor, first: date, last: date):
    """Placements of this member of staff's students that touch the span."""
    rows = Placement.objects.visible_to(actor).filter(
        school_id=actor.school_id, state__in=COUNTING_PLACEMENTS, starts__lte=last, ends__gte=first
    )
    return rows.select_related("student", "company", "teacher").order_by(
        "student__sort_name", "starts", "pk"
    )


def lines_of(actor, placements: Iterable[Placement], first: date, last: date) -> list[HoursLine]:
    """The list, in the order given; a fixed number of queries."""
    placements = list(placements)
    days = days_of(actor, placements, first, last)
    lines = []
    for p in placements:
        mine = days[p.pk]
        planned, confirmed = total_minutes(mine)
        lines.append(
            HoursLine(
                placement=p,
                days=mine,
                planned=planned,
                confirmed=confirmed,
                counts=Counter(d.state for d in mine),
                worked=sum(d.worked_minutes for d in mine),
                missed=sum(d.missed_minutes for d in mine),
                caught_up=sum(d.caught_up_minutes for d in mine),
            )
        )
    return lines
