"""What a change touches, worked out before anything is done: days, rules, place, papers, people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import NamedTuple

from companies.models import PollDay
from placements.changes import elsewhere
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import public_holidays, school_today
from stage.core.dutch.worktime import DayPlan, Finding, check_working_time
from stage.schools.models import Period

ONE_DAY = timedelta(days=1)


class Day(NamedTuple):
    """A planned day: when, and how long the break is in minutes."""

    date: date
    day_from: time
    day_to: time
    break_minutes: int

    @classmethod
    def of(cls, row: PlannedDay) -> Day:
        return cls(row.date, row.day_from, row.day_to, row.break_minutes)

    @property
    def kept(self) -> list:
        """As plain JSON."""
        times = f"{self.day_from:%H:%M}", f"{self.day_to:%H:%M}"
        return [self.date.isoformat(), *times, self.break_minutes]

    @classmethod
    def read(cls, kept: list) -> Day:
        day, begin, end, pause = kept
        return cls(
            date.fromisoformat(day), time.fromisoformat(begin), time.fromisoformat(end), pause
        )


@dataclass(frozen=True)
class Plan:
    """What would happen. Days in order; `retimed` pairs a day as it is with how it becomes.

    `kept` are days that the change would remove or move, on which something happened already.
    `clashes` are days on which the student is at another company. `found` are rules of working time
    that only the new plan does not meet.
    """

    placement: Placement
    wanted: Wanted
    removed: tuple[Day, ...] = ()
    added: tuple[Day, ...] = ()
    retimed: tuple[tuple[Day, Day], ...] = ()
    kept: tuple[date, ...] = ()
    clashes: tuple[PlannedDay, ...] = ()
    found: tuple[Finding, ...] = ()
    gap: tuple[date, ...] = ()  # of a move: the period's days between the two companies
    values: dict = field(default_factory=dict)  # the placement's own columns that change

    @property
    def frees_place(self) -> bool:
        """Whether the company's place comes free for another."""
        return self.wanted.kind in (ChangeKind.MOVE, ChangeKind.OFF, ChangeKind.STOP)

    @property
    def blocked_by(self) -> list[Finding]:
        """Rules that block whatever the reason."""
        return [f for f in self.found if f.severity == "block"]

    @property
    def touches(self) -> list[str]:
        """What else it touches, as the apps above say it."""
        return elsewhere.touched(self)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing would be different."""
        different = self.removed or self.added or self.retimed or self.values
        return not different and not self.frees_place


def plan_of(placement: Placement, wanted: Wanted) -> Plan:
    """What `wanted` would do to this placement as it is now. Run in the school's scope."""
    rows = list(PlannedDay.objects.filter(placement=placement).order_by("date"))
    kept = elsewhere.kept_days([placement.pk]).get(placement.pk, set())
    return _Planner(placement, wanted, [Day.of(row) for row in rows], kept).plan()


class _Planner:
    """Works out one change; a method per kind gives the days it may touch and what they become."""

    def __init__(self, placement: Placement, wanted: Wanted, days: list[Day], kept: set[date]):
        self.placement, self.wanted, self.days, self.kept = placement, wanted, days, kept

    def plan(self) -> Plan:
        touched, target, values = getattr(self, f"_{self.wanted.kind}")()
        there = {day.date: day for day in self.days}
        touched = {d for d in touched if d in there}
        keeping = tuple(sorted(touched & self.kept & self._differing(there, target)))
        target = {d: day for d, day in target.items() if d not in self.kept}
        removed = [there[d] for d in touched - set(target) - self.kept]
        retimed = [(there[d], day) for d, day in target.items() if d in touched and there[d] != day]
        added = [day for d, day in target.items() if d not in there]
        return Plan(
            placement=self.placement,
            wanted=self.wanted,
            removed=tuple(sorted(removed)),
            added=tuple(sorted(added)),
            retimed=tuple(sorted(retimed)),
            kept=keeping,
            clashes=self._clashes(added),
            found=self._found(removed, added, retimed),
            gap=self._gap(),
            values={k: v for k, v in values.items() if getattr(self.placement, k) != v},
        )

    def _differing(self, there: dict[date, Day], target: dict[date, Day]) -> set[date]:
        return {d for d, day in there.items() if target.get(d) != day}

    # Each answers: the days it may touch, what the touched ones (and new ones) become, columns.

    def _schedule(self):
        placement, wanted = self.placement, self.wanted
        last = wanted.until_on or placement.ends
        touched = self._between(wanted.from_on, last)
        times = (
            wanted.day_from or placement.day_from,
            wanted.day_to or placement.day_to,
            placement.break_minutes if wanted.break_minutes is None else wanted.break_minutes,
        )
        weekdays = list(wanted.weekdays) or placement.weekdays
        dates = self._workable(weekdays, wanted.from_on, last)
        target = {d: Day(d, *times) for d in dates}
        if wanted.until_on is not None:  # for a while: what is usual stays usual
            return touched, target, {}
        usual = dict(zip(("day_from", "day_to", "break_minutes"), times, strict=True))
        return touched, target, {"weekdays": sorted(weekdays), **usual}

    def _dates(self):
        placement, wanted = self.placement, self.wanted
        starts, ends = wanted.starts or placement.starts, wanted.ends or placement.ends
        today = school_today()
        outside = {d.date for d in self.days if not starts <= d.date <= ends}
        new = [
            *self._workable(placement.weekdays, starts, min(placement.starts - ONE_DAY, ends)),
            *self._workable(placement.weekdays, max(placement.ends + ONE_DAY, starts), ends),
        ]
        target = {d: self._usual(d) for d in new if d >= today}
        return outside, target, {"starts": starts, "ends": ends}

    def _pause(self):
        last = self.wanted.until_on or self.wanted.from_on
        return self._between(self.wanted.from_on, last), {}, {}

    def _supervisor(self):
        return set(), {}, {"supervisor_id": self.wanted.supervisor and self.wanted.supervisor.pk}

    def _teacher(self):
        return set(), {}, {"teacher_id": self.wanted.teacher and self.wanted.teacher.pk}

    def _off(self):
        return {d.date for d in self.days}, {}, {}

    def _stop(self):
        placement = self.placement
        last = min(placement.ends, max(placement.starts, self.wanted.from_on - ONE_DAY))
        return self._between(self.wanted.from_on, date.max), {}, {"ends": last}

    _move = _stop

    def _period(self):
        """As the period reads now, from today on: its first and last day, its free days."""
        placement = self.placement
        period = self._fresh_period()
        first = max(school_today(), min(period.starts, placement.starts))
        weekdays = placement.weekdays
        target = {
            d: self._usual(d)
            for d in self._workable(weekdays, max(first, period.starts), period.ends)
        }
        there = {day.date: day for day in self.days}
        target = {d: there.get(d, day) for d, day in target.items()}
        touched = self._between(first, date.max)
        left = sorted(set(target) | {d.date for d in self.days if d.date < first})
        span = {"starts": left[0], "ends": left[-1]} if left else {}
        return touched, target, span

    def _fresh_period(self) -> Period:
        return Period.objects.prefetch_related("exceptions").get(pk=self.placement.period_id)

    def _usual(self, day: date) -> Day:
        placement = self.placement
        return Day(day, placement.day_from, placement.day_to, placement.break_minutes)

    def _between(self, first: date, last: date) -> set[date]:
        return {d.date for d in self.days if first <= d.date <= last}

    def _workable(self, weekdays: Iterable[int], first: date, last: date) -> list[date]:
        """Days on these weekdays that are not free of school, nor refused by the company."""
        if last < first:
            return []
        period = self._fresh_period()
        off = {e.date for e in period.exceptions.all()} | self._refused()
        for year in range(first.year, last.year + 1):
            # Inside the period the school says which days are free.
            off |= {d for d in public_holidays(year) if not period.starts <= d <= period.ends}
        chosen = set(weekdays)
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [d for d in span if d.isoweekday() in chosen and d not in off]

    def _refused(self) -> set[date]:
        place = self.placement.place
        if place is None or place.invitation_id is None:
            return set()
        rows = PollDay.objects.filter(invitation=place.invitation_id, available=False)
        return set(rows.order_by("pk").values_list("date", flat=True))

    def _clashes(self, added: list[Day]) -> tuple[PlannedDay, ...]:
        rows = PlannedDay.objects.filter(
            student=self.placement.student_id, date__in=[d.date for d in added]
        ).exclude(placement=self.placement)
        return tuple(rows.select_related("company").order_by("date"))

    def _found(self, removed, added, retimed) -> tuple[Finding, ...]:
        if not (added or retimed):
            return ()
        born = self.placement.student.birth_date
        becomes = {old.date: new for old, new in retimed}
        gone = {d.date for d in removed}
        after = [becomes.get(d.date, d) for d in self.days if d.date not in gone] + list(added)
        known = {(f.rule, f.date) for f in _check(born, self.days)}
        return tuple(f for f in _check(born, after) if (f.rule, f.date) not in known)

    def _gap(self) -> tuple[date, ...]:
        """School's days on which the student is at neither company, when it moves."""
        wanted = self.wanted
        if wanted.kind != ChangeKind.MOVE:
            return ()
        before = [d.date for d in self.days if d.date < wanted.from_on]
        first = (before[-1] if before else school_today()) + ONE_DAY
        return tuple(self._workable(self.placement.weekdays, first, wanted.from_on - ONE_DAY))


def _check(born: date, days: Iterable[Day]) -> list[Finding]:
    return check_working_time(born, [DayPlan(*day) for day in days])
