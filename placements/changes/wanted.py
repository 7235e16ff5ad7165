"""What somebody wants to change, as a form gives it and as it is kept until the school decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from companies.models import Contact, Place
from placements.enums import ChangeKind
from stage.core.models import Membership


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One change. What a kind does not use stays empty.

    `until_on` is the last day of a pause, or of other days for a while. `weekdays` as ISO numbers,
    1 is Monday; `break_minutes` in minutes.
    """

    kind: ChangeKind
    from_on: date
    until_on: date | None = None
    reason: str = ""
    words: str = ""
    heard: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    day_from: time | None = None
    day_to: time | None = None
    break_minutes: int | None = None
    starts: date | None = None
    ends: date | None = None
    supervisor: Contact | None = None
    teacher: Membership | None = None
    place: Place | None = None
    # Of a missed day (`from_on`): what became of it (`Missed`), and on which day it is caught up.
    outcome: str = ""
    on: date | None = None
    # Of days called off: from when the days in their place are sought.
    again_from: date | None = None
    # One press for many placements: everybody gets one mail for all of it.
    run: str = ""
    # Why a rule of working time is passed over, and why work begins before the agreement is signed.
    rule_reason: str = ""
    unsigned_reason: str = ""

    @property
    def kept(self) -> dict:
        """What was chosen, as plain JSON: rows by their codes."""
        found: dict = {}
        for name in _PLAIN:
            value = getattr(self, name)
            if value not in (None, (), ""):
                found[name] = _plain(value)
        if self.supervisor is not None:
            found["supervisor"] = self.supervisor.pk
        if self.teacher is not None:
            found["teacher"] = self.teacher.pk
        if self.place is not None:
            found["place"] = self.place.public_id
        return found


_PLAIN = (
    "weekdays",
    "day_from",
    "day_to",
    "break_minutes",
    "starts",
    "ends",
    "outcome",
    "on",
    "again_from",
    "run",
    "rule_reason",
    "unsigned_reason",
)


def _plain(value):
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
