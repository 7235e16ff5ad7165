"""A week of all of a company's trainees, as its supervisor reads and confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from attendance.days import Day, hours_text, parse_week
from attendance.models import DayReport, DisputedDay, WeekConfirmation
from attendance.queries.company import names_of, trainees
from attendance.queries.folder import days_of, photos_allowed, strip_of
from attendance.queries.report_parts import with_parts
from attendance.ways import day_end_at, ways_of
from companies.enums import AttendanceMode
from placements.models import Placement
from stage.core.dutch.calendar import school_today


@dataclass(frozen=True)
class Tick:
    """One day on the page: whether the box is ticked at first, and how many hours stand there."""

    day: Day
    ticked: bool
    hours: str
    dispute: DisputedDay | None = None
    day_end: str = ""

    @property
    def is_as_planned(self) -> bool:
        """Whether the day stands on the page as it was planned."""
        return self.ticked and self.hours == hours_text(self.day.planned_minutes)

    @property
    def is_a_question(self) -> bool:
        """Whether the company has to look at it: expected, not seen, and nobody said why."""
        return self.can_tick and self.day.is_unknown and not self.ticked

    @property
    def asks_why(self) -> bool:
        """Whether less than this has to be explained: nobody reported the student away."""
        return self.can_tick and self.day.absence is None

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
    return company_weeks(actor, [week])[week]


def company_weeks(actor, weeks: Iterable[str]) -> dict[str, list[TraineeWeek]]:
    """The same of several weeks, for as many queries as one."""
    spans = {week: parse_week(week) for week in weeks}
    first, last = min(s[0] for s in spans.values()), max(s[-1] for s in spans.values())
    placements = list(trainees(actor, first, last))
    read = _Read(actor, placements, first, last)
    return {week: read.week(span) for week, span in spans.items()}


class _Read:
    """What the page tells of all trainees, read once."""

    def __init__(self, actor, placements: list[Placement], first: date, last: date) -> None:
        self.placements = placements
        self.days = days_of(actor, placements, first, last)
        with_parts(actor, [d.report for days in self.days.values() for d in days if d.report])
        self.names = names_of(actor, placements)
        self.photos, self.ways = photos_allowed(actor, placements), ways_of(placements)
        chosen = {"placement__in": [p.pk for p in placements]}
        rows = WeekConfirmation.objects.visible_to(actor).filter(
            **chosen, iso_year__gte=first.year - 1
        )
        self.words = {(r.placement_id, r.iso_year, r.iso_week): r for r in rows}
        said = DisputedDay.objects.visible_to(actor).filter(**chosen).between(first, last)
        self.disputes = {(r.placement_id, r.date): r for r in said.standing()}

    def week(self, span: list[date]) -> list[TraineeWeek]:
        found = [self._of(p, span) for p in self.placements]
        return sorted(filter(None, found), key=lambda w: (w.name, w.placement.pk))

    def _of(self, p: Placement, span: list[date]) -> TraineeWeek | None:
        mine = [d for d in self.days[p.pk] if span[0] <= d.date <= span[-1]]
        if not mine:
            return None
        reports = [d.report for d in mine if d.report]
        year, number, _weekday = span[0].isocalendar()
        return TraineeWeek(
            placement=p,
            name=self.names[p.pk],
            strip=strip_of(mine, span),
            ticks=[
                _tick(d, self.ways[p.pk], day_end_at(p), self.disputes.get((p.pk, d.date)))
                for d in mine
            ],
            reports=reports,
            confirmation=self.words.get((p.pk, year, number)),
            mark=reports_mark(reports),
            shows_photos=p.student_id in self.photos,
        )


def _tick(day: Day, way: str, day_end: str, dispute: DisputedDay | None = None) -> Tick:
    if day.confirmed is not None:
        minutes, ticked = day.confirmed or day.proposed_minutes, day.confirmed > 0
    else:
        keeps_itself = way == AttendanceMode.SUPERVISOR
        minutes = day.proposed_minutes or day.planned_minutes
        ticked = day.was_there or (keeps_itself and day.state in ("unknown", "planned"))
    return Tick(day, ticked and day.date <= school_today(), hours_text(minutes), dispute, day_end)
