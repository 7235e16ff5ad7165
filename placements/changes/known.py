"""What is known of placements before they change; a fixed number of queries, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from companies.models import PollDay
from placements.changes import elsewhere
from placements.changes.day import Day
from placements.enums import ChangeKind
from placements.models import Placement, PlacementChange, PlannedDay, RuleOverride
from stage.core.dutch.calendar import public_holidays
from stage.schools.models import Period

ONE_DAY = timedelta(days=1)


class Usual(NamedTuple):
    """How a day of a placement usually is: on which weekdays, and when."""

    weekdays: tuple[int, ...]
    day_from: time
    day_to: time
    break_minutes: int

    def day(self, day: date) -> Day:
        return Day(day, self.day_from, self.day_to, self.break_minutes)


class Known:
    """Days, changes and the period of placements, as they are now. Run in the school's scope."""

    def __init__(self, placements: Iterable[Placement]):
        rows = list(placements)
        ids = [p.pk for p in rows]
        students = {p.student_id for p in rows}
        self.days: defaultdict[int, list[Day]] = defaultdict(list)
        self.elsewhere: defaultdict[int, list[PlannedDay]] = defaultdict(list)
        own = set(ids)
        planned = PlannedDay.objects.filter(student__in=students).select_related("company")
        for row in planned.order_by("date"):
            if row.placement_id in own:
                self.days[row.placement_id].append(Day.of(row))
            self.elsewhere[row.student_id].append(row)
        self.kept = elsewhere.kept_days(ids)
        self.done: defaultdict[int, list[PlacementChange]] = defaultdict(list)
        changes = PlacementChange.objects.done().filter(placement__in=ids)
        for change in changes.order_by("decided_at", "pk"):
            self.done[change.placement_id].append(change)
        moved = PlacementChange.objects.done().filter(moved_to__in=ids).order_by("pk")
        self.moved_here = set(moved.values_list("moved_to_id", flat=True))
        periods = Period.objects.filter(pk__in={p.period_id for p in rows})
        self.periods = periods.prefetch_related("exceptions").in_bulk()
        self.refused: defaultdict[int | None, set[date]] = defaultdict(set)
        asked = {p.place.invitation_id for p in rows if p.place and p.place.invitation_id}
        poll = PollDay.objects.filter(invitation__in=asked, available=False).order_by("pk")
        for invitation, day in poll.values_list("invitation_id", "date"):
            self.refused[invitation].add(day)
        self.overruled: defaultdict[int, set[str]] = defaultdict(set)
        overrides = RuleOverride.objects.filter(placement__in=ids).order_by("pk")
        for placement, rule in overrides.values_list("placement_id", "rule"):
            self.overruled[placement].add(rule)


class Ways:
    """Which days a placement has by its period, the company's answer and what changed since."""

    def __init__(self, placement: Placement, known: Known):
        self.placement = placement
        self.period = known.periods[placement.period_id]
        self.done = known.done[placement.pk]
        self._moved_here = placement.pk in known.moved_here
        place = placement.place
        self._refused = known.refused[place.invitation_id if place else None]
        self._exceptions = {e.date for e in self.period.exceptions.all()}
        self._holidays: dict[int, set[date]] = {}

    def is_free(self, day: date) -> bool:
        """Whether nobody is at this company then: the school is free, or the company said no.

        Inside the period the school says which days are free, outside it the calendar.
        """
        if day in self._exceptions or day in self._refused:
            return True
        if self.period.starts <= day <= self.period.ends:
            return False
        if day.year not in self._holidays:
            self._holidays[day.year] = set(public_holidays(day.year))
        return day in self._holidays[day.year]

    def usual(self) -> Usual:
        """The days and hours of the period and the company's answer, before anything changed."""
        place, period = self.placement.place, self.period
        first = self._first_values()
        weekdays = tuple(period.weekdays)
        if place is None or (place.weekdays and not set(place.weekdays) >= set(period.weekdays)):
            # Days of its own: the period's other days are not this company's.
            weekdays = tuple(first.get("weekdays", self.placement.weekdays))
        hours: tuple[time, time] = (period.day_from, period.day_to)
        if place is None:
            hours = tuple(  # type: ignore[assignment]
                time.fromisoformat(first[n]) if n in first else getattr(self.placement, n)
                for n in ("day_from", "day_to")
            )
        elif place.day_from is not None and place.day_to is not None:
            hours = (place.day_from, place.day_to)
        return Usual(weekdays, *hours, period.break_minutes)

    def usual_on(self, day: date, usual: Usual, *, lasting: bool = False) -> Usual:
        """The same on one day, after what was changed for good or (not `lasting`) for a while."""
        for change in self.done:
            if change.kind != ChangeKind.SCHEDULE or day < change.from_on:
                continue
            if change.until_on is None:
                usual = _with(usual, change.before.get("after", {}))
            elif not lasting and day <= change.until_on:
                usual = _with(usual, change.wanted)
        return usual

    @property
    def own_bounds(self) -> tuple[date | None, date | None]:
        """First and last day that are this placement's own; None where they are the period's."""
        chosen: dict[str, date] = {"starts": self.placement.starts} if self._moved_here else {}
        for change in self.done:
            if change.kind == ChangeKind.DATES:
                after = change.before.get("after", {})
                chosen |= {name: date.fromisoformat(text) for name, text in after.items()}
        return chosen.get("starts"), chosen.get("ends")

    def is_called_off(self, day: date) -> bool:
        """Whether a pause or days called off cover the day, and no other days for a while since."""
        off = False
        for change in self.done:
            if not change.from_on <= day <= (change.until_on or change.from_on):
                continue
            if change.kind in (ChangeKind.PAUSE, ChangeKind.CALLED_OFF):
                off = True
            elif change.kind == ChangeKind.SCHEDULE and change.until_on:
                off = False
        return off

    def _first_values(self) -> dict:
        """The days and hours that a change for good replaced: those the period gave before it."""
        found: dict = {}
        for change in self.done:
            if change.kind == ChangeKind.PERIOD:
                found |= change.before.get("after", {})
            elif change.kind == ChangeKind.SCHEDULE and not change.until_on:
                found = {**change.before.get("values", {}), **found}
        return found


def _with(usual: Usual, values: dict) -> Usual:
    """Those of these values, plain JSON, that say how a day usually is."""
    read: dict[str, Callable[[Any], Any]] = {
        "weekdays": tuple,
        "day_from": time.fromisoformat,
        "day_to": time.fromisoformat,
        "break_minutes": int,
    }
    return usual._replace(**{n: read[n](values[n]) for n in read if values.get(n) is not None})


def span(first: date, last: date) -> list[date]:
    """All days from first to last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
