"""What a day of a placement came to: from plan, check-in, absence and the company's word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import number_format

from attendance.enums import PARTLY, AbsenceKind
from attendance.models import Absence, CheckIn, DayReport
from attendance.stays import NOTHING_SAID, Stay, minutes_there
from companies.enums import DayEnd
from placements.changes.day import Day as CalledOff
from placements.models import PlannedDay
from stage.core.dutch.calendar import local_datetime, school_today, week_days
from stage.core.ui.filters import in_reach
from stage.core.ui.pictures import DAY_STATES

PRESENT = ("present", "late")
WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}")
ABSENT = ("ill", "excused", "absent")
MISSED = (*ABSENT, "unknown")
_TONES = {
    "present": "good",
    "late": "attention",
    "later": "attention",
    "ill": "info",
    "absent": "wrong",
}


@dataclass(frozen=True)
class Day:
    """One day of one placement. `state` is one of `stage.core.ui.pictures.DAY_STATES`."""

    date: date
    state: str
    planned: PlannedDay | None = None
    check_in: CheckIn | None = None
    absence: Absence | None = None
    report: DayReport | None = None
    confirmed: int | None = None  # minutes; None: the company has not said
    called_off: CalledOff | None = None  # as it was planned, of a day that does not go through
    stay: Stay = NOTHING_SAID
    spoken_to: str = ""  # who confirmed it on the telephone

    @property
    def planned_minutes(self) -> int:
        return self.planned.minutes if self.planned else 0

    @property
    def is_missed(self) -> bool:
        """Whether somebody was expected and was not there, or the day did not go through."""
        gone_by = self.date < school_today() and self.state in MISSED
        return gone_by or self.state == "called_off"

    @property
    def missed_minutes(self) -> int:
        """Planned minutes of a day that was missed."""
        if not self.is_missed:
            return 0
        return self.called_off.minutes if self.called_off else self.planned_minutes

    @property
    def worked_minutes(self) -> int:
        """What the company said, else what is proposed to it."""
        return self.proposed_minutes if self.confirmed is None else self.confirmed

    @property
    def proposed_minutes(self) -> int:
        """Of a day one was there: from arriving to going, else as planned."""
        if not self.was_there:
            return 0
        said = minutes_there(self.check_in, self.stay, self.planned) if self.check_in else None
        return self.planned_minutes if said is None else said

    @property
    def out_at(self) -> datetime | None:
        """When the student went, if somebody said so."""
        return self.stay.out.at if self.stay.out and self.check_in else None

    def says_end(self, day_end: str) -> bool:
        """Whether somebody can say when the student went: of who is there, where it is asked."""
        asked = day_end != DayEnd.PLANNED or self.out_at is not None
        return asked and self.check_in is not None and self.confirmed is None

    @property
    def pause_since(self) -> datetime | None:
        """When the pause of now began."""
        pause = self.stay.open_pause
        return pause.starts if pause and self.check_in and self.is_today else None

    @property
    def ends_at(self) -> datetime | None:
        """When the day is over: as planned, or as somebody said who goes sooner."""
        if self.planned is None:
            return None
        return local_datetime(self.date, self.leaves_at or self.planned.day_to)

    @property
    def caught_up_minutes(self) -> int:
        """What was worked in place of a day that was missed or moved."""
        makes_up = self.planned is not None and self.planned.instead_of is not None
        return self.worked_minutes if makes_up else 0

    @property
    def planned_hours(self) -> str:
        return hours_text(self.planned_minutes)

    @property
    def confirmed_hours(self) -> str:
        return "" if self.confirmed is None else hours_text(self.confirmed)

    @property
    def word(self) -> str:
        """The state in a word."""
        return DAY_STATES[self.state][0]

    @property
    def tone(self) -> str:
        return _TONES.get(self.state, "neutral")

    @property
    def was_there(self) -> bool:
        return self.state in PRESENT

    @property
    def is_unknown(self) -> bool:
        """Whether nobody was heard of although somebody was expected."""
        return self.state == "unknown"

    @property
    def is_settled(self) -> bool:
        """Whether this day is what the school itself said, so that it can take it back."""
        if self.check_in is not None and self.check_in.is_settled:
            return True
        reported = self.absence
        return reported is not None and reported.starts == self.date and reported.is_settled

    @property
    def comes_at(self) -> time | None:
        """When somebody who is not there yet said to come."""
        reported = self.absence
        return reported.at_time if reported and reported.kind == AbsenceKind.LATE else None

    @property
    def leaves_at(self) -> time | None:
        """When somebody said to go before the end."""
        reported = self.absence
        return reported.at_time if reported and reported.kind == AbsenceKind.EARLY else None

    @property
    def is_better(self) -> bool:
        """Whether somebody who was ill this day said the same day to be better, and is not in."""
        if self.state != "ill" or self.absence is None or self.absence.back_at is None:
            return False
        return timezone.localdate(self.absence.back_at) == self.date

    @property
    def is_today(self) -> bool:
        return self.date == school_today()

    @property
    def has_come(self) -> bool:
        return self.date <= school_today()


def make_day(
    day: date,
    planned: PlannedDay | None,
    check_in: CheckIn | None,
    absence: Absence | None,
    report: DayReport | None = None,
    confirmed: int | None = None,
    *,
    now: datetime,
    late_after: int,
    made_on: date | None = None,
    called_off: CalledOff | None = None,
    stay: Stay = NOTHING_SAID,
    spoken_to: str = "",
) -> Day:
    """One day with its state; `late_after` in minutes, `now` aware.

    Before `made_on`, the day the placement was made, nobody is expected, nor on a day that was
    `called_off` and is not planned again.
    """
    if planned is not None or check_in is not None or confirmed is not None:
        called_off = None
    state = "called_off"
    if called_off is None:
        state = _state(day, planned, check_in, absence, confirmed, now, late_after)
    if state == "unknown" and made_on is not None and day < made_on:
        state = "free"
    return Day(
        day, state, planned, check_in, absence, report, confirmed, called_off, stay, spoken_to
    )


def _state(day, planned, check_in, absence, confirmed, now, late_after) -> str:
    # The company's word about minutes stands above a scan: somebody may scan and go home.
    if confirmed == 0:
        return _away(absence) or "absent"
    if check_in is not None or confirmed:
        announced = absence is not None and absence.kind == AbsenceKind.LATE
        scanned_late = check_in is not None and check_in.is_late
        return "late" if announced or scanned_late else "present"
    away = _away(absence)
    # Who is ill may be better by then; a period has a last day.
    if away and (absence.ends is not None or absence.starts >= day or day <= school_today()):
        return away
    if planned is None:
        return "free"
    if absence is not None and absence.kind == AbsenceKind.LATE:
        return "unknown" if now >= missed_at(planned, late_after, absence.at_time) else "later"
    return "unknown" if now >= missed_at(planned, late_after) else "planned"


def _away(absence: Absence | None) -> str:
    if absence is None or absence.kind in PARTLY:
        return ""
    if absence.kind == AbsenceKind.ILL:
        return "ill"
    excused = absence.excused
    if excused is None:
        excused = absence.kind == AbsenceKind.APPOINTMENT
    return "excused" if excused else "absent"


def missed_at(planned: PlannedDay, late_after: int, comes_at: time | None = None) -> datetime:
    """From this moment on, no word means that somebody is missing.

    Who said to come later is missing from the said time on, as others are from their first hour.
    """
    expected = local_datetime(planned.date, max(planned.day_from, comes_at or planned.day_from))
    return expected + timedelta(minutes=late_after)


def week_of(day: date) -> str:
    """The ISO week as it stands in addresses: "2027-W02"."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def parse_week(text: str) -> list[date]:
    """Monday to Sunday of "2027-W02". Raises ValueError for what is no week of this century."""
    if not WEEK.fullmatch(text):
        raise ValueError(text)
    days = week_days(int(text[:4]), int(text[6:]))
    return [in_reach(days[0]), *days[1:-1], in_reach(days[-1])]


def hours_text(minutes: int) -> str:
    """Minutes as hours, as people write them in the active language: 390 is "6,5" or "6.5"."""
    hours = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    return number_format(Decimal(hours), use_l10n=True, force_grouping=False)
