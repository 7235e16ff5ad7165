"""A week of all of a company's trainees, as its supervisor reads and confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from attendance.days import Day, hours_text, parse_week
from attendance.models import DayReport, WeekConfirmation
from attendance.queries.company import names_of, trainees
from attendance.queries.folder import days_of, photos_allowed, strip_of
from attendance.ways import ways_of
from companies.enums import AttendanceMode
from placements.models import Placement
from stage.core.dutch.calendar import school_today


@dataclass(frozen=True)
class Tick:
    """One day on the page: whether the box is ticked at first, and how many hours stand there."""

    day: Day
    ticked: bool
    hours: str

    @property
    def can_tick(self) -> bool:
        # Before the placement was made there is nothing to say about a day.
        return self.day.has_come and self.day.state != "free"


@dataclass(frozen=True)
class TraineeWeek:
    """One trainee's week on the page."""

    placement: Placement
    name: str
    strip: list[tuple[date, str]]
    ticks: list[Tick]
    reports: list[DayReport]
    confirmation: WeekConfirmation | None
    mark: str
    shows_photos: bool

    @property
    def is_confirmed(self) -> bool:
        """Whether every day that has come is confirmed."""
        return all(t.day.confirmed is not None for t in self.ticks if t.can_tick)


def reports_mark(reports: Iterable[DayReport]) -> str:
    """A mark that changes when a report of the week is written or changed."""
    moments = [r.written_at for r in reports]
    return f"{len(moments)}-{max(moments).isoformat()}" if moments else "0"


def company_week(actor, week: str) -> list[TraineeWeek]:
    """Trainees with a day in this week, in the order of their names; a fixed number of queries."""
    span = parse_week(week)
    placements = list(trainees(actor, span[0], span[-1]))
    days = days_of(actor, placements, span[0], span[-1])
    names = names_of(actor, placements)
    photos, ways = photos_allowed(actor, placements), ways_of(placements)
    year, number, _weekday = span[0].isocalendar()
    rows = WeekConfirmation.objects.visible_to(actor).filter(
        placement__in=[p.pk for p in placements], iso_year=year, iso_week=number
    )
    words = {row.placement_id: row for row in rows}
    weeks = []
    for p in placements:
        mine = days[p.pk]
        if not mine:
            continue
        reports = [d.report for d in mine if d.report]
        weeks.append(
            TraineeWeek(
                placement=p,
                name=names[p.pk],
                strip=strip_of(mine, span),
                ticks=[_tick(d, ways[p.pk]) for d in mine],
                reports=reports,
                confirmation=words.get(p.pk),
                mark=reports_mark(reports),
                shows_photos=p.student_id in photos,
            )
        )
    return sorted(weeks, key=lambda w: (w.name, w.placement.pk))


def _tick(day: Day, way: str) -> Tick:
    if day.confirmed is not None:
        minutes, ticked = day.confirmed or day.planned_minutes, day.confirmed > 0
    else:
        keeps_itself = way == AttendanceMode.SUPERVISOR
        minutes = day.planned_minutes
        ticked = day.was_there or (keeps_itself and day.state in ("unknown", "planned"))
    return Tick(day, ticked and day.date <= school_today(), hours_text(minutes))
