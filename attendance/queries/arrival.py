"""What a scan needs to know, read in one statement.

A whole class presses within the same minute, so this one page is written for the database instead
of through five queries of the ORM (docs/decisions/0008-check-in-in-one-read.md).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Annotated, TypeVar, get_type_hints

from django.db import connection
from django.utils import timezone

from attendance.days import make_day
from attendance.enums import COUNTING_PLACEMENTS, AbsenceKind
from attendance.models import CheckIn
from attendance.moments import moment_of
from attendance.queries.student_day import StudentToday
from companies.enums import AttendanceMode
from companies.models import Company, Location
from placements.enums import PLACED
from placements.models import Placement, PlannedDay

# A scan this long before or after a placement still belongs to it, flagged.
OUTSIDE_DAYS = 31

# A company that was merged into another counts as that one, and keeps attendance as it does. The
# poster must hang in the student's own region, which the function sees to: a student reads no
# poster's code.
_FROM = """
FROM placements_placement p
JOIN companies_company own ON own.id = p.company_id
JOIN companies_company c ON c.id = own.family_id
LEFT JOIN companies_location pl ON pl.id = p.location_id
JOIN attendance_attendancesettings s ON s.school_id = p.school_id
LEFT JOIN placements_plannedday d ON d.placement_id = p.id AND d.date = %(today)s
LEFT JOIN (
    (
        SELECT location_id FROM location_of_poster(%(code)s) WHERE %(seen_at)s::bigint IS NULL
        UNION ALL SELECT %(seen_at)s::bigint WHERE %(seen_at)s::bigint IS NOT NULL
    ) seen
    JOIN companies_location l ON l.id = seen.location_id
    JOIN companies_company lc ON lc.id = l.company_id
    JOIN companies_company lf ON lf.id = lc.family_id
) ON true
"""
_IN = """
LEFT JOIN attendance_checkin i
    ON i.placement_id = p.id AND i.date = %(today)s AND i.kind = 'start' AND i.withdrawn_at IS NULL
"""
_WHERE = """
WHERE p.school_id = %(school)s AND p.student_id = %(student)s AND p.state = ANY(%(live)s)
    AND p.starts <= %(latest)s AND p.ends >= %(earliest)s
ORDER BY p.id
"""


@dataclass(frozen=True)
class Chance:
    """A placement that a scan of today may belong to, seen from the poster that was scanned.

    What is read for a field stands beside its type, and nowhere else.
    """

    id: Annotated[int, "p.id"]
    school_id: Annotated[int, "p.school_id"]
    student_id: Annotated[int, "p.student_id"]
    company_id: Annotated[int, "p.company_id"]
    company_name: Annotated[str, "own.name"]
    location_id: Annotated[int | None, "p.location_id"]
    state: Annotated[str, "p.state"]
    starts: Annotated[date, "p.starts"]
    ends: Annotated[date, "p.ends"]
    # As `attendance.ways` says it.
    way: Annotated[
        str,
        "CASE WHEN pl.attendance_mode <> '' THEN pl.attendance_mode"
        " WHEN c.attendance_mode = 'qr' THEN s.way ELSE c.attendance_mode END",
    ]
    company_now: Annotated[int, "c.id"]  # after merging
    planned_from: Annotated[time | None, "d.day_from"]  # None: not expected today
    planned_until: Annotated[time | None, "d.day_to"]
    late_after: Annotated[int, "s.late_after_minutes"]
    offline_hours: Annotated[int, "s.offline_hours"]  # how long a phone without network may keep it
    # What was reported of it that has no end yet, such as ill.
    away: Annotated[
        str | None,
        "(SELECT min(a.kind) FROM attendance_absence a WHERE a.placement_id = p.id"
        " AND a.ends IS NULL AND a.withdrawn_at IS NULL AND a.starts <= %(today)s)",
    ]
    # None: no poster scanned, or one nobody here knows.
    poster_location: Annotated[int | None, "l.id"]
    poster_company: Annotated[int | None, "lc.family_id"]  # after merging
    # How attendance is kept where it hangs.
    poster_way: Annotated[
        str | None,
        "CASE WHEN l.attendance_mode <> '' THEN l.attendance_mode"
        " WHEN lf.attendance_mode = 'qr' THEN s.way ELSE lf.attendance_mode END",
    ]

    @property
    def is_away(self) -> bool:
        """Whether reported ill or away, and not yet back."""
        return self.away is not None

    @property
    def reports_self(self) -> bool:
        return self.way == AttendanceMode.STUDENT

    @property
    def company_ticks(self) -> bool:
        return self.way == AttendanceMode.SUPERVISOR

    @property
    def refuses_posters(self) -> bool:
        """Whether only a screen's code counts, here or where this poster hangs."""
        return AttendanceMode.SCREEN in (self.way, self.poster_way)

    @property
    def is_at_its_company(self) -> bool:
        return self.poster_company == self.company_now

    @property
    def is_at_its_place(self) -> bool:
        return self.is_at_its_company and self.location_id in (None, self.poster_location)

    def days_away(self, today: date) -> int:
        """Days until it begins or since it ended; 0 while it runs."""
        return max((self.starts - today).days, (today - self.ends).days, 0)


@dataclass(frozen=True)
class OnPage(Chance):
    """The same, with what the page of the poster says besides."""

    at: Annotated[datetime | None, "i.at"]  # of today's arrival
    confirmed: Annotated[
        int | None,
        "(SELECT f.minutes FROM attendance_confirmedday f WHERE f.placement_id = p.id"
        " AND f.date = %(today)s ORDER BY f.version DESC LIMIT 1)",
    ]
    poster_name: Annotated[str | None, "l.name"]
    poster_street: Annotated[str | None, "l.street"]
    poster_city: Annotated[str | None, "l.city"]
    poster_company_name: Annotated[str | None, "lc.name"]

    @property
    def poster(self) -> Location | None:
        """Where it hangs, as far as the page tells."""
        if self.poster_location is None:
            return None
        return Location(
            pk=self.poster_location,
            name=self.poster_name or "",
            street=self.poster_street or "",
            city=self.poster_city or "",
            company=Company(name=self.poster_company_name or ""),
        )

    @property
    def is_in(self) -> bool:
        """Whether there is nothing left to press: what the company confirmed stands above all."""
        return self.at is not None if self.confirmed is None else self.confirmed > 0

    @property
    def is_signed(self) -> bool:
        return self.state in COUNTING_PLACEMENTS

    @property
    def is_unplanned(self) -> bool:
        return self.planned_from is None and not self.is_away

    @property
    def is_ill(self) -> bool:
        return self.away == AbsenceKind.ILL


C = TypeVar("C", bound=Chance)


def _statement(kind: type[Chance]) -> str:
    hints = get_type_hints(kind, include_extras=True)
    columns = ", ".join(hints[f.name].__metadata__[0] for f in fields(kind))
    return f"SELECT {columns} {_FROM} {_IN if kind is OnPage else ''} {_WHERE}"


_STATEMENTS = {kind: _statement(kind) for kind in (Chance, OnPage)}


def chances_of(
    actor, today: date, code: str, seen_at: int | None = None, *, kind: type[C]
) -> list[C]:
    """The live placements of a student around today, with what a poster's code says of them.

    With `seen_at`, the place of work of a screen, that one instead of the poster's.
    """
    near = timedelta(days=OUTSIDE_DAYS)
    asked = {
        "today": today,
        "earliest": today - near,
        "latest": today + near,
        "code": code,
        "seen_at": seen_at,
        "school": actor.school_id,
        "student": actor.student_id,
        "live": [state.value for state in PLACED],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENTS[kind], asked)
        return [kind(*row) for row in cursor.fetchall()]


def likeliest(chances: list[C], today: date) -> C | None:
    """The placement a scan belongs to: the planned one, else the nearest in days."""
    planned = [c for c in chances if c.planned_from is not None]
    return min(planned or chances, key=lambda c: _distance(c, today), default=None)


def today_of_arrival(chance: Chance, row: CheckIn) -> StudentToday:
    """Today as the student's page tells it, right after the arrival: from the rows there are."""
    planned = None
    if chance.planned_from is not None and chance.planned_until is not None:
        planned = PlannedDay(
            date=row.date, day_from=chance.planned_from, day_to=chance.planned_until
        )
    now = timezone.now()
    day = make_day(row.date, planned, row, None, now=now, late_after=chance.late_after)
    return StudentToday(
        date=row.date,
        moment=moment_of(day, now=now, late_after=chance.late_after),
        next="none",
        placement=Placement(starts=chance.starts, company=Company(name=chance.company_name)),
        day=day,
        is_signed=chance.state in COUNTING_PLACEMENTS,
        mode=chance.way,
    )


def _distance(chance: Chance, today: date) -> tuple:
    days = chance.days_away(today)
    elsewhere = chance.poster_location is not None and not chance.is_at_its_company
    return (days > 0, elsewhere, days, chance.id)
