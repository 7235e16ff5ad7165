"""What a change touches, worked out before anything is done: days, rules, place, papers, people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from placements.changes import as_period, elsewhere, instead, kinds
from placements.changes.day import Day
from placements.changes.ground import Ground, Touched
from placements.changes.known import ONE_DAY, Known
from placements.changes.wanted import Wanted
from placements.enums import OF_THEIR_OWN, UNSIGNED, ChangeKind
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today
from stage.core.dutch.worktime import DayPlan, Finding, check_working_time

__all__ = ["ONE_DAY", "Day", "Plan", "plan_of", "plans_of"]


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
    def becomes_cancelled(self) -> bool:
        """Whether it is called off rather than stopped: it never began."""
        kind, state = self.wanted.kind, self.placement.state
        return kind == ChangeKind.OFF or (kind == ChangeKind.MOVE and state in UNSIGNED)

    @property
    def blocked_by(self) -> list[Finding]:
        """Rules that block whatever the reason."""
        return [f for f in self.found if f.severity == "block"]

    @property
    def touches(self) -> list[str]:
        """What else it touches, as the apps above say it."""
        return elsewhere.touched(self)

    @property
    def dates(self) -> list[date]:
        """The days that would not be as they are."""
        return [d.date for d in (*self.removed, *self.added, *(new for _old, new in self.retimed))]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing would be different."""
        different = self.removed or self.added or self.retimed or self.values
        decided = self.wanted.kind == ChangeKind.CATCH_UP
        return not different and not self.frees_place and not decided


def plan_of(placement: Placement, wanted: Wanted) -> Plan:
    """What `wanted` would do to this placement as it is now. Run in the school's scope."""
    return plans_of([placement], wanted)[0]


def plans_of(placements: Iterable[Placement], wanted: Wanted) -> list[Plan]:
    """The same for many, with a fixed number of queries.

    Each placement with its student, company and place read along.
    """
    rows = list(placements)
    known = Known(rows)
    return [_Planner(placement, wanted, known).plan() for placement in rows]


# What each kind of change touches.
_KINDS: dict[ChangeKind, Callable[[Ground], Touched]] = {
    ChangeKind.SCHEDULE: kinds.schedule,
    ChangeKind.DATES: kinds.dates,
    ChangeKind.PAUSE: kinds.pause,
    ChangeKind.SUPERVISOR: kinds.supervisor,
    ChangeKind.TEACHER: kinds.teacher,
    ChangeKind.OFF: kinds.off,
    ChangeKind.STOP: kinds.stop,
    ChangeKind.MOVE: kinds.move,
    ChangeKind.PERIOD: as_period.period,
    ChangeKind.CALLED_OFF: instead.called_off,
    ChangeKind.CATCH_UP: instead.catch_up,
}


class _Planner(Ground):
    """Works out one change: what its kind touches, less what stays, and what that runs into."""

    def plan(self) -> Plan:
        touched, target, values = _KINDS[self.wanted.kind](self)
        there = {day.date: day for day in self.days}
        touched = {d for d in touched if d in there}
        keeping = tuple(sorted(touched & self.kept & self._differing(there, target)))
        target = {d: day for d, day in target.items() if d not in self.kept}
        removed = [there[d] for d in touched - set(target) - self.kept]
        retimed = [
            (there[d], day._replace(instead_of=there[d].instead_of))
            for d, day in target.items()
            if d in touched and there[d].times != day.times
        ]
        added = [day for d, day in target.items() if d not in there]
        if self.wanted.kind == ChangeKind.PERIOD and not (removed or added or retimed):
            values.pop("weekdays", None)  # no other days: then the word for them stays as well
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
        return {d for d, day in there.items() if d not in target or target[d].times != day.times}

    def _clashes(self, added: list[Day]) -> tuple[PlannedDay, ...]:
        dates = {d.date for d in added}
        rows = self.known.elsewhere[self.placement.student_id]
        return tuple(r for r in rows if r.date in dates and r.placement_id != self.placement.pk)

    def _found(self, removed, added, retimed) -> tuple[Finding, ...]:
        if not (added or retimed):
            return ()
        born = self.placement.student.birth_date
        # A day that was missed took no hours of its week: what makes up for it may.
        missed = self.wanted.from_on if self.wanted.kind == ChangeKind.CATCH_UP else None
        days = [d for d in self.days if d.date != missed]
        becomes = {old.date: new for old, new in retimed}
        gone = {d.date for d in removed}
        after = [becomes.get(d.date, d) for d in days if d.date not in gone] + list(added)
        known = {(f.rule, f.date) for f in _check(born, days)}
        found = [f for f in _check(born, after) if (f.rule, f.date) not in known]
        if self.wanted.kind in OF_THEIR_OWN:  # the school said before why this rule is passed over
            overruled = self.known.overruled[self.placement.pk]
            found = [f for f in found if f.severity == "block" or f.rule not in overruled]
        return tuple(found)

    def _gap(self) -> tuple[date, ...]:
        """School's days on which the student is at neither company, when it moves."""
        wanted = self.wanted
        if wanted.kind != ChangeKind.MOVE:
            return ()
        gone = self.placement.state in UNSIGNED
        before = [d.date for d in self.days if d.date < wanted.from_on and not gone]
        first = (before[-1] if before else school_today()) + ONE_DAY
        return tuple(self.workable(self.placement.weekdays, first, wanted.from_on - ONE_DAY))


def _check(born: date, days: Iterable[Day]) -> list[Finding]:
    return check_working_time(born, [DayPlan(d.date, *d.times) for d in days])
