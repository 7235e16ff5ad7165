"""Holidays offered for a period: the school's own region's, and the public ones.

Shipped as reference data (`stage/core/reference/school_holidays.csv`) with their source. A school
may choose other days than advised, so nothing is free before the coordinator says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from stage.core import reference
from stage.core.dutch.calendar import public_holidays
from stage.schools.models import Period, PeriodException

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PUBLIC = "public"
# What a status means for who plans: words, tone, and whether it is ticked at first.
STATUSES: dict[str, tuple[StrOrPromise, str, bool]] = {
    PUBLIC: (_("feestdag"), "neutral", True),
    "official": (_("officieel"), "good", True),
    "advised": (_("advies: kijk of het voor jullie school klopt"), "info", True),
    "unverified": (_("niet nagekeken"), "attention", False),
}


@dataclass(frozen=True)
class Holiday:
    """One holiday that touches a period. `days` are placement days now that would be free."""

    name: str
    first: date
    last: date
    days: tuple[date, ...]
    status: str
    source: str = ""

    @property
    def key(self) -> str:
        """Which one it is, in a form."""
        return f"{self.status}:{self.first.isoformat()}:{self.last.isoformat()}"

    @property
    def word(self) -> StrOrPromise:
        return STATUSES[self.status][0]

    @property
    def tone(self) -> str:
        return STATUSES[self.status][1]

    @property
    def ticked(self) -> bool:
        return STATUSES[self.status][2]


class FreeSpan(NamedTuple):
    """Free days of a period that belong together: no placement day lies between them."""

    days: tuple[PeriodException, ...]

    @property
    def first(self) -> date:
        return self.days[0].date

    @property
    def last(self) -> date:
        return self.days[-1].date

    @property
    def reason(self) -> str:
        return self.days[0].reason


def offered(period: Period, region: str) -> list[Holiday]:
    """Holidays with at least one placement day in it, in order of the calendar.

    `region` is the school's (`HolidayRegion`), or empty while it did not say so: then public ones
    alone. `period` with its exceptions.
    """
    days = set(period.days())
    found = [
        Holiday(row.name, row.first_day, row.last_day, (), row.status, row.source)
        for row in reference.school_holidays()
        if row.region == region
    ]
    found = [h for h in (_in(days, h) for h in found) if h.days]
    covered = {d for h in found if h.status == "official" for d in h.days}
    with override("nl"):  # kept as a reason, and read by all
        named = {
            d: name
            for year in range(period.starts.year, period.ends.year + 1)
            for d, name in public_holidays(year).items()
        }
    found += [
        Holiday(name, d, d, (d,), PUBLIC)
        for d, name in named.items()
        if d in days and d not in covered
    ]
    return sorted(found, key=lambda h: (h.first, h.last))


def _in(days: set[date], holiday: Holiday) -> Holiday:
    inside = tuple(sorted(d for d in days if holiday.first <= d <= holiday.last))
    return Holiday(
        holiday.name, holiday.first, holiday.last, inside, holiday.status, holiday.source
    )


def free_spans(period: Period) -> list[FreeSpan]:
    """The period's free days, a row per stretch with the same reason."""
    rows = sorted(period.exceptions.all(), key=lambda e: e.date)
    spans: list[list[PeriodException]] = [rows[:1]] if rows else []
    for before, row in pairwise(rows):
        if row.reason == before.reason and not _works_between(period, before.date, row.date):
            spans[-1].append(row)
        else:
            spans.append([row])
    return [FreeSpan(tuple(span)) for span in spans]


def _works_between(period: Period, first: date, last: date) -> bool:
    days = (first + timedelta(days=n) for n in range(1, (last - first).days))
    return any(d.isoweekday() in period.weekdays for d in days)
