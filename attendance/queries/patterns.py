"""What stands out in the days of students, before it is a problem.

The database names the few placements that may have a pattern; the days of those alone are read,
and tell what is so. Only days count on which somebody was expected: no free day, none called off.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Func, OuterRef, Q, TextField, Value
from django.db.models.functions import JSONArray, Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.days import Day
from attendance.enums import PatternKind
from attendance.models import CheckIn, ConfirmedDay, DayReport, PatternSeen
from attendance.queries.folder import days_of
from attendance.ways import ways_of
from companies.enums import AttendanceMode
from placements.enums import PlacementState
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today
from stage.core.ui.dates import day_words, weekday_names

# Once is a train, twice is bad luck; three times somebody asks how it goes.
LATE_TIMES = 3
# Work days of the student: two weeks of whole weeks, ten weeks of who works one day a week.
LATE_WITHIN = 10
# As many times as late; a period of illness counts once, however many Mondays it has.
WEEKDAY_TIMES = 3
# Half of the Mondays in six weeks; longer ago is another season of a young life.
WEEKDAY_WITHIN = timedelta(weeks=6)
# One day is forgotten and two are busy. Of today a report can still come.
SILENT_DAYS = 3
# The same work happens two days running; the same words three times were copied.
SAME_DAYS = 3
# Ten work days of one a week, with a holiday between them.
LOOKS_BACK = timedelta(weeks=12)
MOST_SHOWN = 5  # dates in words; the list of days has them all

_UNDER_WAY = (PlacementState.SIGNED, PlacementState.RUNNING)


@dataclass(frozen=True)
class Pattern:
    """One thing that stands out of one placement; the dates, the oldest first."""

    placement: Placement
    kind: str
    dates: list[date]

    @property
    def until(self) -> date:
        return self.dates[-1]

    @property
    def words(self) -> str:
        """ "3 keer te laat in 10 stagedagen"."""
        n = len(self.dates)
        if self.kind == PatternKind.LATE:
            return _("%(n)s keer te laat in %(days)s stagedagen") % {"n": n, "days": LATE_WITHIN}
        if self.kind == PatternKind.WEEKDAY:
            names = weekday_names(sorted({day.isoweekday() for day in self.dates}))
            return _("%(n)s keer weg in zes weken, steeds op %(day)s") % {"n": n, "day": names}
        if self.kind == PatternKind.SILENT:
            return _("%(n)s stagedagen geen dagverslag") % {"n": n}
        return _("%(n)s stagedagen dezelfde woorden in het dagverslag") % {"n": n}

    @property
    def when(self) -> str:
        """The newest dates in words, and how many more."""
        shown = ", ".join(day_words(day) for day in self.dates[-MOST_SHOWN:])
        more = len(self.dates) - MOST_SHOWN
        if more <= 0:
            return shown
        words = ngettext("%(days)s en %(n)s dag eerder", "%(days)s en %(n)s dagen eerder", more)
        return words % {"days": shown, "n": more}


def patterns(actor) -> list[Pattern]:
    """Of the students this member of staff guides what nobody saw yet, the newest first.

    Ten queries at most; one where nothing stands out.
    """
    today = school_today()
    rows = list(_suspects(actor, today))
    if not rows:
        return []
    days = days_of(actor, rows, today - LOOKS_BACK, today)
    ways = ways_of([p for p in rows if any(day.is_unknown for day in days[p.pk])])
    found = []
    for p in rows:
        work = [d for d in days[p.pk] if _counts(d, ways.get(p.pk))]
        seen = {kind: date.fromisoformat(until) for kind, until in p.seen}
        for kind, look in _LOOKS.items():
            dates = look(work)
            if dates and seen.get(kind, date.min) < dates[-1]:
                found.append(Pattern(p, kind, dates))
    return sorted(found, key=lambda f: (-f.until.toordinal(), f.placement.student.sort_name))


def _counts(day: Day, way: str | None) -> bool:
    """Whether a day of work is known; a company that ticks afterwards is waited for."""
    if day.is_unknown:
        return way != AttendanceMode.SUPERVISOR and day.date < school_today()
    return day.state not in ("free", "called_off", "planned", "later")


def _late(work: list[Day]) -> list[date]:
    """Of the last work days those that began late."""
    late = [
        d.date for d in work[-LATE_WITHIN:] if d.was_there and d.check_in and d.check_in.is_late
    ]
    return late if len(late) >= LATE_TIMES else []


def _weekday(work: list[Day]) -> list[date]:
    """Days away that fall on the same day of the week; what the school excused does not count."""
    begin = school_today() - WEEKDAY_WITHIN
    away: dict[int, dict] = defaultdict(dict)
    for d in work:
        if d.planned and d.date > begin and d.state in ("ill", "absent", "unknown"):
            # One report of absence is one time.
            away[d.date.isoweekday()][d.absence.pk if d.absence else d.date] = d.date
    often = [times.values() for times in away.values() if len(times) >= WEEKDAY_TIMES]
    return sorted(day for times in often for day in times)


def _silent(work: list[Day]) -> list[date]:
    """The days since the last report on which one was there; today is not over yet."""
    quiet: list[date] = []
    for d in reversed(work):
        if d.report:
            break
        if d.planned and d.was_there and d.date < school_today():
            quiet.insert(0, d.date)
    return quiet if len(quiet) >= SILENT_DAYS else []


def _same(work: list[Day]) -> list[date]:
    """The last days one was there, as long as the words of the report are the same."""
    there = [d for d in work if d.was_there and (d.report or d.date < school_today())]
    same: list[date] = []
    words = None
    for d in reversed(there):
        if d.report is None or words not in (None, _plain(d.report.text)):
            break
        words = _plain(d.report.text)
        same.insert(0, d.date)
    return same if len(same) >= SAME_DAYS else []


def _plain(text: str) -> str:
    """Words without capitals, signs and spaces between: what is the same to who reads it."""
    return " ".join(re.findall(r"\w+", text.lower())) or text.strip()


_LOOKS: dict[str, Callable[[list[Day]], list[date]]] = {
    PatternKind.LATE: _late,
    PatternKind.WEEKDAY: _weekday,
    PatternKind.SILENT: _silent,
    PatternKind.SAME: _same,
}


def _suspects(actor, today: date):
    """Placements under way that have enough of something; perhaps not in the right days."""
    first = today - LOOKS_BACK
    late = CheckIn.objects.visible_to(actor).starts().late().filter(date__gte=first)
    written = DayReport.objects.visible_to(actor).filter(date__gte=first)
    said = ConfirmedDay.objects.visible_to(actor).filter(date=OuterRef("date"))
    said = said.filter(placement=OuterRef("placement")).current()
    there = CheckIn.objects.visible_to(actor).starts().filter(date=OuterRef("date"))
    was_there = Exists(there.filter(placement=OuterRef("placement")))
    later = DayReport.objects.visible_to(actor).filter(date__gte=OuterRef("date"))
    planned = PlannedDay.objects.visible_to(actor).filter(date__gte=first, date__lte=today)
    away = planned.filter(
        Exists(said.filter(minutes=0)) | ~was_there, date__gt=today - WEEKDAY_WITHIN
    )
    away = away.filter(~Exists(said.filter(minutes__gt=0)))
    silent = planned.filter(Exists(said.filter(minutes__gt=0)) | was_there, date__lt=today)
    silent = silent.filter(~Exists(later.filter(placement=OuterRef("placement"))))
    signs = (Value(r"\W+"), Value(""), Value("g"))
    plain = Func(Lower("text"), *signs, function="regexp_replace", output_field=TextField())
    many = (
        _many(late, LATE_TIMES),
        _many(away, WEEKDAY_TIMES, weekday=F("date__iso_week_day")),
        _many(silent, SILENT_DAYS),
        _many(written, SAME_DAYS, plain=plain),
    )
    wanted = Q()
    for rows in many:
        wanted |= Q(pk__in=rows)
    seen = PatternSeen.objects.visible_to(actor).filter(placement=OuterRef("pk"))
    seen = seen.values_list(JSONArray("kind", "until"))
    return (
        Placement.objects.visible_to(actor)
        .filter(wanted, school_id=actor.school_id, state__in=_UNDER_WAY)
        .annotate(seen=ArraySubquery(seen))
        .filter(starts__lte=today, ends__gte=today)
        .select_related("student", "company__merged_into")
    )


def _many(rows, times: int, **also):
    """The placements of rows that are there this many times."""
    grouped = rows.order_by().annotate(**also).values("placement", *also)
    return grouped.annotate(times=Count("pk")).filter(times__gte=times).values("placement")
