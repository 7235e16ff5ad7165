"""The rest of a day at work: when somebody went, and the pauses between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from attendance.enums import CheckInKind
from attendance.models import CheckIn
from placements.models import PlannedDay

QUARTER = 15  # minutes: hours are proposed in quarters, as people write them
# Who was there for less had no break yet; from this long on the law wants one of a minor.
WITHOUT_BREAK = timedelta(hours=4, minutes=30)


@dataclass(frozen=True)
class Pause:
    """From when until when; `ends` None: nobody said that it was over."""

    starts: datetime
    ends: datetime | None = None


@dataclass(frozen=True)
class Stay:
    """What was said of a day after the arrival."""

    out: CheckIn | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def open_pause(self) -> Pause | None:
        """The pause that nobody ended, while the day is not over."""
        last = self.pauses[-1] if self.pauses else None
        return last if last and last.ends is None and self.out is None else None


NOTHING_SAID = Stay()


def stay_of(rows: Iterable[CheckIn]) -> Stay:
    """Of the rows of one day of one placement that stand, in any order."""
    out: CheckIn | None = None
    pauses: list[Pause] = []
    order = {CheckInKind.BACK: 0, CheckInKind.PAUSE: 1}  # of the same moment
    for row in sorted(rows, key=lambda r: (r.at, order.get(CheckInKind(r.kind), 2))):
        open_one = bool(pauses) and pauses[-1].ends is None
        if row.kind == CheckInKind.END:
            out = row
        elif row.kind == CheckInKind.PAUSE and not open_one:
            pauses.append(Pause(row.at))
        elif row.kind == CheckInKind.BACK and open_one:
            pauses[-1] = Pause(pauses[-1].starts, row.at)
    return Stay(out, tuple(pauses))


def minutes_there(check_in: CheckIn, stay: Stay, planned: PlannedDay | None) -> int | None:
    """From arriving to going without the pauses, to the nearest quarter; None: nobody said when.

    Where no pause was said the planned break counts, and so it does for one that nobody ended.
    """
    if stay.out is None or stay.out.at <= check_in.at:
        return None
    there = stay.out.at - check_in.at
    minutes = (there - _pauses(there, stay, planned)) / timedelta(minutes=QUARTER)
    return max(round(minutes), 1) * QUARTER


def _pauses(there: timedelta, stay: Stay, planned: PlannedDay | None) -> timedelta:
    as_planned = timedelta(minutes=planned.break_minutes if planned else 0)
    if not stay.pauses:
        return as_planned if there >= WITHOUT_BREAK else timedelta(0)
    return sum(((p.ends - p.starts) if p.ends else as_planned for p in stay.pauses), timedelta(0))
