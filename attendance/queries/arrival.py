"""What a scan needs to know, read in one statement.

A whole class presses within the same minute, so this one page is written for the database instead
of through five queries of the ORM (docs/decisions/0008-check-in-in-one-read.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import connection

from companies.enums import AttendanceMode
from placements.enums import PLACED

# A scan this long before or after a placement still belongs to it, flagged.
OUTSIDE_DAYS = 31

# A company that was merged into another counts as that one, and keeps attendance as it does. The
# poster must hang in the student's own region, which the function sees to: a student reads no
# poster's code.
_READ = """
SELECT p.id, p.school_id, p.student_id, p.company_id, p.location_id, p.state, p.starts, p.ends,
    CASE WHEN pl.attendance_mode <> '' THEN pl.attendance_mode
        WHEN c.attendance_mode = 'qr' THEN s.way ELSE c.attendance_mode END, c.id,
    d.day_from, s.late_after_minutes, s.offline_hours,
    EXISTS (
        SELECT FROM attendance_absence a
        WHERE a.placement_id = p.id AND a.ends IS NULL AND a.withdrawn_at IS NULL
            AND a.starts <= %(today)s
    ),
    l.id, lc.family_id,
    CASE WHEN l.attendance_mode <> '' THEN l.attendance_mode
        WHEN lf.attendance_mode = 'qr' THEN s.way ELSE lf.attendance_mode END
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
WHERE p.school_id = %(school)s AND p.student_id = %(student)s AND p.state = ANY(%(live)s)
    AND p.starts <= %(latest)s AND p.ends >= %(earliest)s
ORDER BY p.id
"""


@dataclass(frozen=True)
class Chance:
    """A placement that a scan of today may belong to, seen from the poster that was scanned."""

    id: int
    school_id: int
    student_id: int
    company_id: int
    location_id: int | None
    state: str
    starts: date
    ends: date
    way: str  # as `attendance.ways` says it
    company_now: int  # after merging
    planned_from: time | None  # None: not expected today
    late_after: int  # minutes
    offline_hours: int  # how long a phone without a network may keep it
    is_away: bool  # reported ill or away, and not yet back
    poster_location: int | None  # None: no poster scanned, or one nobody here knows
    poster_company: int | None  # after merging
    poster_way: str | None  # how attendance is kept where it hangs

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


def chances_of(actor, today: date, code: str, seen_at: int | None = None) -> list[Chance]:
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
        cursor.execute(_READ, asked)
        return [Chance(*row) for row in cursor.fetchall()]


def likeliest(chances: list[Chance], today: date) -> Chance | None:
    """The placement a scan belongs to: the planned one, else the nearest in days."""
    planned = [c for c in chances if c.planned_from is not None]
    return min(planned or chances, key=lambda c: _distance(c, today), default=None)


def _distance(chance: Chance, today: date) -> tuple:
    days = chance.days_away(today)
    elsewhere = chance.poster_location is not None and not chance.is_at_its_company
    return (days > 0, elsewhere, days, chance.id)
