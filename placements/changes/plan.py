"""What a change touches, worked out before anything is done: days, rules, place, papers, people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from placements.changes import elsewhere
from placements.changes.day import Day
from placements.changes.known import ONE_DAY, Known, Usual, Ways, span
from placements.changes.wanted import Wanted
from placements.enums import OF_THEIR_OWN, UNSIGNED, ChangeKind, Missed
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


class _Planner:
    """Works out one change; a method per kind gives the days it may touch and what they become."""

    def __init__(self, placement: Placement, wanted: Wanted, known: Known):
        self.placement, self.wanted, self.known = placement, wanted, known
        self.days = known.days[placement.pk]
        self.kept = known.kept.get(placement.pk, set())
        self.ways = Ways(placement, known)

    def plan(self) -> Plan:
        touched, target, values = getattr(self, f"_{self.wanted.kind}")()
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

    # Each answers: the days it may touch, what the touched ones (and new ones) become, columns.

    def _schedule(self):
        placement, wanted = self.placement, self.wanted
        last = wanted.until_on or placement.ends
        touched = self._between(wanted.from_on, last) - self._making_up()
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
        target = {d: day for d, day in target.items() if not self.ways.is_called_off(d)}
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
        placement, first = self.placement, self.wanted.from_on
        touched = self._between(first, date.max)
        left = [d.date for d in self.days if d.date not in touched - self.kept]
        last = left[-1] if left else min(placement.ends, first - ONE_DAY)
        return touched, {}, {"ends": max(placement.starts, last)}

    def _move(self):
        # What nobody signed yet did not begin: it is called off, with all its days.
        return self._off() if self.placement.state in UNSIGNED else self._stop()

    def _period(self):
        """As the period reads now, from today on, where this placement has no way of its own.

        Days of a pause, and those that were called off, do not come back; days that make up for one
        stay; other days or hours for a while stay what they were for.
        """
        ways = self.ways
        period, today = ways.period, school_today()
        own_first, own_last = ways.own_bounds
        first, last = own_first or period.starts, own_last or period.ends
        usual = ways.usual()
        on = {d: ways.usual_on(d, usual) for d in span(first, last)}
        at_work = [d for d in on if d.isoweekday() in on[d].weekdays]
        nominal = {d for d in at_work if not ways.is_called_off(d)}
        days = [d for d in sorted(nominal) if not ways.is_free(d)]
        touched = self._between(today, date.max) - self._making_up()
        there = {d.date for d in self.days}
        # Nobody is sent to work today by a change of today: a new day is one to come.
        target = {d: on[d].day(d) for d in days if d > today or (d == today and d in there)}
        lasting = {d: ways.usual_on(d, usual, lasting=True) for d in on}
        return (
            touched,
            target,
            {
                **self._bounds(there, touched, target, set(at_work)),
                **self._usual_values(lasting, today),
            },
        )

    def _bounds(self, there: set[date], touched: set[date], target, at_work: set[date]) -> dict:
        """First and last day; a day that is only free, or called off, moves neither."""
        placement = self.placement
        left = sorted((there - (touched - self.kept)) | set(target))
        if not left:
            return {}
        firsts = [d for d in at_work if placement.starts <= d <= left[0]]
        lasts = [d for d in at_work if left[-1] <= d <= placement.ends]
        starts = placement.starts if placement.starts in firsts else left[0]
        ends = placement.ends if placement.ends in lasts else left[-1]
        own_first, own_last = self.ways.own_bounds
        return {
            "starts": min(own_first, left[0]) if own_first else starts,
            "ends": max(own_last, left[-1]) if own_last else ends,
        }

    def _usual_values(self, lasting: dict[date, Usual], today: date) -> dict:
        """The columns that say how a day of this placement usually is, from now on."""
        coming = [d for d in lasting if d > today]
        if not coming:
            return {}
        last = lasting[coming[-1]]
        # As a match sets them: of the weekdays those on which there is a day at all.
        real = {
            d.isoweekday()
            for d, usual in lasting.items()
            if usual == last and d.isoweekday() in usual.weekdays and not self.ways.is_free(d)
        }
        hours = {
            "day_from": last.day_from,
            "day_to": last.day_to,
            "break_minutes": last.break_minutes,
        }
        return {"weekdays": sorted(real), **hours} if real else hours

    def _called_off(self):
        """These days do not go through; as many others come in their place, if so wanted."""
        wanted, today = self.wanted, school_today()
        last = wanted.until_on or wanted.from_on
        touched = self._between(wanted.from_on, last)
        gone = sorted(touched - self.kept)
        if wanted.again_from is None:
            return touched, {}, {}
        there = {d.date: d for d in self.days}
        weekdays = set(wanted.weekdays) or set(self.placement.weekdays)
        first = max(wanted.again_from, today + ONE_DAY)
        open_days = (
            d
            for d in span(first, first + SEARCHED)
            if d.isoweekday() in weekdays
            and d not in there
            and not wanted.from_on <= d <= last
            and not self.ways.is_free(d)
            and not self.ways.is_called_off(d)
        )
        target = {
            new: there[old]._replace(date=new, instead_of=old)
            for old, new in zip(gone, open_days, strict=False)
        }
        return touched, target, self._reaching(target)

    def _catch_up(self):
        """What becomes of one missed day; a day that made up for it before gives way."""
        wanted = self.wanted
        earlier = {d.date for d in self.days if d.instead_of == wanted.from_on}
        if wanted.outcome != Missed.CAUGHT_UP or wanted.on is None:
            return earlier, {}, self._shrinking(earlier)
        placement = self.placement
        pause = placement.break_minutes if wanted.break_minutes is None else wanted.break_minutes
        day = Day(
            wanted.on,
            wanted.day_from or placement.day_from,
            wanted.day_to or placement.day_to,
            pause,
            wanted.from_on,
        )
        return earlier, {day.date: day}, self._reaching({day.date: day})

    def _reaching(self, target: dict[date, Day]) -> dict:
        """The first and last day, where new days lie outside."""
        if not target:
            return {}
        placement = self.placement
        return {
            "starts": min(placement.starts, *target),
            "ends": max(placement.ends, *target),
        }

    def _shrinking(self, gone: set[date]) -> dict:
        """The last day as it was, where it was only that day which came after it."""
        placement = self.placement
        if placement.ends not in gone - self.kept:
            return {}
        kinds = (ChangeKind.CATCH_UP, ChangeKind.CALLED_OFF)
        before = [c.before.get("values", {}).get("ends") for c in self.ways.done if c.kind in kinds]
        ends = [date.fromisoformat(text) for text in before if text]
        left = [d.date for d in self.days if d.date not in gone]
        return {"ends": max([min(ends), *left])} if ends else {}

    def _making_up(self) -> set[date]:
        """Days agreed one by one, in place of another: no schedule moves them."""
        return {d.date for d in self.days if d.instead_of is not None}

    def _usual(self, day: date) -> Day:
        placement = self.placement
        return Day(day, placement.day_from, placement.day_to, placement.break_minutes)

    def _between(self, first: date, last: date) -> set[date]:
        return {d.date for d in self.days if first <= d.date <= last}

    def _workable(self, weekdays: Iterable[int], first: date, last: date) -> list[date]:
        """Days on these weekdays that are not free of school, nor refused by the company."""
        chosen = set(weekdays)
        days = span(first, last) if first <= last else []
        return [d for d in days if d.isoweekday() in chosen and not self.ways.is_free(d)]

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
        return tuple(self._workable(self.placement.weekdays, first, wanted.from_on - ONE_DAY))


SEARCHED = timedelta(days=366)  # days in place of others are sought this far ahead


def _check(born: date, days: Iterable[Day]) -> list[Finding]:
    return check_working_time(born, [DayPlan(d.date, *d.times) for d in days])
