"""Working time of young people: planned or real days against the dated rules.

Pure: no database. Rules come from `stage.core.reference` (kind `working_time`, see domain rules),
so a change of the law is a row of data. A finding warns; whoever reads it decides what blocks.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext as _

from stage.core import reference
from stage.core.dutch.calendar import (
    age_on,
    iso_week,
    minutes_between,
    minutes_of,
    week_days,
    work_interval,
)

KIND = "working_time"
SHORTEST_PAUSE = 15  # minutes between two parts of a day that count as a break


@dataclass(frozen=True)
class DayPlan:
    """Work on a date, on the Dutch clock. An end before the start is on the next day.

    `school_minutes` is the teaching on that date, a fact of the date: of two parts of one day the
    larger counts once. A day of school only has neither start nor end.
    """

    date: date
    start: time | None = None
    end: time | None = None
    break_minutes: int = 0
    school_minutes: int = 0


@dataclass(frozen=True)
class Finding:
    """A rule that is not met. `limit` and `actual` are minutes, or minutes on the clock."""

    rule: str
    severity: Literal["warn", "block"]
    date: date
    message_nl: str
    limit: int
    actual: int
    source: str


@dataclass(frozen=True)
class _Day:
    """All parts of one date together."""

    date: date
    age: int
    parts: tuple[tuple[datetime, datetime], ...]
    work: int
    school: int
    pause: int

    @property
    def total(self) -> int:
        return self.work + self.school


class Rules:
    """The rules of working time among reference values, by age and day."""

    def __init__(self, rows: Iterable[reference.ValueRow] | None = None):
        self._rows: dict[str, list[reference.ValueRow]] = defaultdict(list)
        for row in reference.values() if rows is None else rows:
            if row.kind == KIND:
                self._rows[row.key].append(row)

    def row(self, rule: str, age: int, day: date) -> reference.ValueRow | None:
        """The row that holds for an age on a day, None when that age has no such rule."""
        rows = self._rows.get(f"{band_of(age)}.{rule}", ())
        holding = [row for row in rows if row.holds_on(day)]
        return max(holding, key=lambda row: row.valid_from, default=None)


def band_of(age: int) -> str:
    """The group of ages that shares its rules: the first half of a rule's key."""
    if age < 14:
        return "under_14"
    if age < 16:
        return "14_15"
    return "16_17" if age < 18 else "18_plus"


def check_working_time(
    birth_date: date,
    days: Iterable[DayPlan],
    rows: Iterable[reference.ValueRow] | None = None,
    *,
    blocking: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Every rule that these days do not meet, in order of date and rule.

    Ages turn over on birthdays: a day is judged by the age on that day; a week, and the rest after
    a day, by the age on its first day, which is the stricter one. Clock times of school are not
    known, so rest and forbidden hours look at the work alone. `blocking` names rules whose
    findings block. Raises `ValueError` for a day whose times or break are impossible.
    """
    rules = Rules(rows)
    gathered = _gather(birth_date, days)
    findings = [
        *(finding for day in gathered for finding in _check_day(rules, day)),
        *_check_weeks(rules, gathered),
        *_check_rest(rules, gathered),
        *_check_week_rest(rules, gathered),
    ]
    findings.sort(key=lambda finding: (finding.date, finding.rule))
    return [
        replace(finding, severity="block") if finding.rule in blocking else finding
        for finding in findings
    ]


def _gather(birth_date: date, days: Iterable[DayPlan]) -> list[_Day]:
    by_date: dict[date, list[DayPlan]] = defaultdict(list)
    for plan in days:
        by_date[plan.date].append(plan)
    return [_one_day(birth_date, day, by_date[day]) for day in sorted(by_date)]


def _one_day(birth_date: date, day: date, plans: list[DayPlan]) -> _Day:
    parts, work, pause = [], 0, 0
    for plan in plans:
        if plan.school_minutes < 0 or (plan.start is None) != (plan.end is None):
            raise ValueError("a day has a start and an end, or neither")
        if plan.start is not None and plan.end is not None:
            parts.append(work_interval(day, plan.start, plan.end))
            minutes = minutes_of(day, plan.start, plan.end, plan.break_minutes)
            if not minutes:
                raise ValueError("the break does not fit between start and end")
            work += minutes
            pause += plan.break_minutes
    parts.sort()
    for (_start, before), (after, _end) in pairwise(parts):
        if after < before:
            raise ValueError("two parts of a day overlap")
        between = minutes_between(before, after)
        pause += between if between >= SHORTEST_PAUSE else 0
    school = max(plan.school_minutes for plan in plans)
    return _Day(day, age_on(birth_date, day), tuple(parts), work, school, pause)


def _check_day(rules: Rules, day: _Day) -> Iterable[Finding]:
    if not day.parts:
        return
    row = rules.row("orientation_only", day.age, day.date)
    if row:
        message = _("Jonger dan 14 jaar: alleen een snuffelbezoek mag.")
        yield _finding("under_14", day.date, message, 14, day.age, row)
    row = rules.row("day_minutes", day.age, day.date)
    if row and day.total > int(row.value):
        message = _("%(actual)s werk en school op één dag; het mag %(limit)s zijn.")
        yield _finding("day", day.date, message, int(row.value), day.total, row)
    row = rules.row("sunday", day.age, day.date)
    if row and row.value == "never" and _touches_sunday(day):
        message = _("Op zondag werken mag niet op deze leeftijd.")
        yield _finding("sunday", day.date, message, 0, day.work, row)
    yield from _check_clock(rules, day)
    yield from _check_break(rules, day)


def _touches_sunday(day: _Day) -> bool:
    return any(
        moment.isoweekday() == 7
        for start, end in day.parts
        for moment in (start, end - timedelta(minutes=1))
    )


def _check_clock(rules: Rules, day: _Day) -> Iterable[Finding]:
    """Work between two clock times in the evening and the morning, when that is never allowed."""
    late = rules.row("never_from", day.age, day.date)
    early = rules.row("never_to", day.age, day.date)
    if not (late and early):
        return
    evening, morning = time.fromisoformat(late.value), time.fromisoformat(early.value)
    start, end = day.parts[0][0], max(end for _start, end in day.parts)
    # Measured from midnight of the day itself, so that an end after midnight is late, not early.
    ends_at = _clock_minutes(end) + (24 * 60 if end.date() > day.date else 0)
    if start.time() < morning:
        message = _("Het werk begint om %(clock)s; het mag niet voor %(bound)s.")
        message %= {"clock": f"{start:%H:%M}", "bound": early.value}
        limit = morning.hour * 60 + morning.minute
        yield _finding("never_hours", day.date, message, limit, _clock_minutes(start), early)
    if ends_at > evening.hour * 60 + evening.minute:
        message = _("Het werk eindigt om %(clock)s; het mag niet na %(bound)s.")
        message %= {"clock": f"{end:%H:%M}", "bound": late.value}
        limit = evening.hour * 60 + evening.minute
        yield _finding("never_hours", day.date, message, limit, ends_at, late)


def _check_break(rules: Rules, day: _Day) -> Iterable[Finding]:
    for prefix in ("long_break", "break"):
        after = rules.row(f"{prefix}_after_minutes", day.age, day.date)
        needed = rules.row(f"{prefix}_minutes", day.age, day.date)
        if after and needed and day.work > int(after.value):
            if day.pause < int(needed.value):
                message = _("%(actual)s pauze; er is minstens %(limit)s pauze nodig.")
                yield _finding("break", day.date, message, int(needed.value), day.pause, needed)
            return


def _check_weeks(rules: Rules, days: list[_Day]) -> Iterable[Finding]:
    weeks: dict[tuple[int, int], list[_Day]] = defaultdict(list)
    for day in days:
        weeks[iso_week(day.date)].append(day)
    totals = {
        week_days(*week)[0]: sum(day.total for day in its_days) for week, its_days in weeks.items()
    }
    for its_days in weeks.values():
        first = its_days[0]
        if not any(day.parts for day in its_days):
            continue
        monday = week_days(*iso_week(first.date))[0]
        row = rules.row("week_minutes", first.age, first.date)
        if row and totals[monday] > int(row.value):
            message = _("%(actual)s werk en school in deze week; het mag %(limit)s zijn.")
            yield _finding("week", first.date, message, int(row.value), totals[monday], row)
        yield from _check_averages(rules, first, monday, totals)


def _check_averages(
    rules: Rules, first: _Day, monday: date, totals: dict[date, int]
) -> Iterable[Finding]:
    """The average of the 4 and 16 weeks that start with this one; weeks without work count."""
    for weeks in (4, 16):
        row = rules.row(f"average_{weeks}_weeks_minutes", first.age, first.date)
        span = [monday + timedelta(weeks=offset) for offset in range(weeks)]
        total = sum(totals.get(start, 0) for start in span)
        if row and total > int(row.value) * weeks:
            message = _(
                "Gemiddeld %(actual)s per week over %(weeks)s weken; het mag %(limit)s zijn."
            )
            average = -(-total // weeks)
            limit = int(row.value)
            rule = f"average_{weeks}_weeks"
            message %= {"actual": hours(average), "limit": hours(limit), "weeks": weeks}
            yield _finding(rule, first.date, message, limit, average, row)


def _check_rest(rules: Rules, days: list[_Day]) -> Iterable[Finding]:
    working = [day for day in days if day.parts]
    for before, after in pairwise(working):
        row = rules.row("rest_minutes", before.age, before.date)
        rest = minutes_between(max(end for _start, end in before.parts), after.parts[0][0])
        if row and rest < int(row.value):
            message = _("%(actual)s rust voor deze dag; er is minstens %(limit)s nodig.")
            yield _finding("rest", after.date, message, int(row.value), max(rest, 0), row)


def _check_week_rest(rules: Rules, days: list[_Day]) -> Iterable[Finding]:
    """Unbroken rest within the seven times 24 hours that begin with a day of work.

    Windows that begin halfway a rest are left out: they would cut an ordinary weekend in two.
    Only the first of overlapping windows is reported.
    """
    parts = [(day, *part) for day in days for part in day.parts]
    reported_until: datetime | None = None
    for index, (day, begins, _end) in enumerate(parts):
        row = rules.row("week_rest_minutes", day.age, day.date)
        if not row or (reported_until and begins < reported_until):
            continue
        closes = begins + timedelta(days=7)
        inside = [(start, end) for _day, start, end in parts[index:] if start < closes]
        edges = [*inside, (closes, closes)]
        longest = max(minutes_between(one[1], other[0]) for one, other in pairwise(edges))
        if longest < int(row.value):
            reported_until = closes
            message = _("%(actual)s rust aan één stuk in zeven dagen; minstens %(limit)s is nodig.")
            yield _finding("week_rest", day.date, message, int(row.value), longest, row)


def _finding(
    rule: str, day: date, message: str, limit: int, actual: int, row: reference.ValueRow
) -> Finding:
    if "%(actual)s" in message:
        message %= {"actual": hours(actual), "limit": hours(limit)}
    return Finding(rule, "warn", day, message, limit, actual, row.source)


def hours(minutes: int) -> str:
    """A duration as it is read: "7 uur", "7 uur en 30 minuten", "45 minuten"."""
    whole, rest = divmod(minutes, 60)
    parts = []
    if whole:
        parts.append(_("%(count)s uur") % {"count": whole})
    if rest or not whole:
        parts.append(_("1 minuut") if rest == 1 else _("%(count)s minuten") % {"count": rest})
    return _(" en ").join(parts)


def _clock_minutes(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute
