"""A student says: I am here. Counted once, on the day the server sees, kept also when it is odd."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from attendance import policies
from attendance.enums import COUNTING_PLACEMENTS, CheckInMethod, Flag, ScanFailure
from attendance.models import Absence, CheckIn
from attendance.queries.arrival import Chance, chances_of, likeliest
from attendance.queries.student import today_of_student
from attendance.services.absence import close_absence
from attendance.services.guesses import count_wrong, find_location, keep_failure, must_wait
from stage.core.dutch.calendar import local_datetime, school_day, school_today
from stage.core.models.base import new_public_id
from stage.core.record import audit
from stage.core.tenants.statements import insert_once
from stage.core.who.policies import require

# What comes later than this after the press waited for a network.
AT_ONCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Arrival:
    """What became of a scan. `failure` is a ScanFailure; then there is no check-in."""

    check_in: CheckIn | None = None
    already: bool = False  # there was one for this day
    is_back: bool = False  # it closed an illness
    chance: Chance | None = None  # what it was made from
    failure: str = ""


# Without a savepoint of its own: a request is one transaction, and a refusal ends it whole.
@transaction.atomic(savepoint=False)
def scan(
    code: str,
    *,
    actor,
    method: str = CheckInMethod.POSTER,
    nonce: str = "",
    device_at: datetime | None = None,
    seen_at: int | None = None,
    happened_at: datetime | None = None,
    shares_browser: bool = False,
) -> Arrival:
    """Check the student in with a poster's code; without a code where students report themselves.

    `seen_at` is the place of work whose screen showed the code (`services.screens`).

    The date is the Dutch date on the server's clock; `device_at` is kept and decides nothing. The
    same nonce, or a second time on a day, gives the check-in there already is. `happened_at`: when
    it was pressed on a phone without a network; that is when the student was there, as long ago as
    the school allows. `shares_browser`: another student did so today, with the same browser.
    """
    now = timezone.now()
    at = happened_at or now
    today = school_day(at)
    guessed = code and seen_at is None
    if guessed and must_wait(actor):
        return Arrival(failure=ScanFailure.TOO_OFTEN)
    chances = chances_of(actor, today, code, seen_at, kind=Chance)
    if guessed and not _is_known(code, chances, actor):
        count_wrong(actor)
        return _failed(actor, code, ScanFailure.UNKNOWN_CODE)
    chance = likeliest(chances, today)
    if chance is None or (not code and not chance.reports_self):
        return _failed(actor, code, ScanFailure.NO_PLACEMENT)
    if chance.company_ticks:
        return _failed(actor, code, ScanFailure.BY_COMPANY)
    if guessed and chance.refuses_posters:
        return _failed(actor, code, ScanFailure.NEEDS_SCREEN)
    if now - at > max(timedelta(hours=chance.offline_hours), AT_ONCE):
        return _failed(actor, code, ScanFailure.TOO_OLD)
    require(policies.check_in, actor, chance)
    flags = flags_of(chance, today, at)
    if now - at > AT_ONCE or today != school_today():
        flags.append(Flag.OFFLINE.value)
    if shares_browser:
        flags.append(Flag.SAME_BROWSER.value)
    row = CheckIn.about(
        chance,
        placement_id=chance.id,
        date=today,
        at=at,
        device_at=device_at,
        nonce=nonce or new_public_id(),
        method=method if code else CheckInMethod.SELF,
        flags=flags,
        poster=code if Flag.OTHER_LOCATION in flags and seen_at is None else "",
    )
    earlier = _insert(row, actor)
    if earlier is not None:
        return Arrival(earlier, already=True)
    audit.record(actor, "checked_in", row, fields=["at", "flags"])
    is_back = chance.is_away and _back_to_work(chance, at, actor)
    return Arrival(row, is_back=is_back, chance=chance)


@transaction.atomic(savepoint=False)
def refuse(code: str, reason: str, *, actor) -> Arrival:
    """A code that is none any more: nothing is counted, and school sees that it was tried."""
    return _failed(actor, code, reason)


def ask_help(*, actor) -> bool:
    """The student is there and cannot check in: school sees it. False without a placement."""
    placement = today_of_student(actor).placement
    if placement is None:
        return False
    require(policies.check_in, actor, placement)
    _failed(actor, "", ScanFailure.ASKS_HELP)
    return True


def _is_known(code: str, chances: list[Chance], actor) -> bool:
    """Whether a poster with this code hangs in the student's region."""
    if chances:
        return chances[0].poster_location is not None
    return find_location(code, actor=actor) is not None


def flags_of(chance: Chance, today: date, now: datetime) -> list[str]:
    """What is remarkable about a check-in; in the order of `Flag`."""
    flags = []
    inside = chance.starts <= today <= chance.ends
    if chance.planned_from is not None:
        expected = local_datetime(today, chance.planned_from)
        if now > expected + timedelta(minutes=chance.late_after):
            flags.append(Flag.LATE)
    elif inside:
        flags.append(Flag.UNPLANNED_DAY)
    if chance.poster_location is not None and not chance.is_at_its_place:
        flags.append(Flag.OTHER_LOCATION)
    if not inside:
        flags.append(Flag.OUTSIDE_PERIOD)
    if chance.state not in COUNTING_PLACEMENTS:
        flags.append(Flag.NOT_SIGNED)
    return [flag.value for flag in flags]


def _insert(row: CheckIn, actor) -> CheckIn | None:
    """Store the check-in; the earlier one when the database holds one for this day or nonce."""
    if insert_once(row):
        return None
    mine = CheckIn.objects.visible_to(actor).standing().filter(student_id=row.student_id)
    same_day = mine.starts().filter(placement_id=row.placement_id, date=row.date).first()
    earlier = same_day or mine.filter(nonce=row.nonce).first()
    if earlier is None:
        # Somebody else's nonce, or that of one taken back: no reason to turn this student away.
        row.nonce = new_public_id()
        row.save(force_insert=True)
    return earlier


def _back_to_work(chance: Chance, at: datetime, actor) -> bool:
    """Who came is no longer ill; who fell ill after that still is."""
    absence = (
        Absence.objects.visible_to(actor)
        .open()
        .filter(placement_id=chance.id, starts__lte=school_day(at))
        .filter(reported_at__lte=at)
        .first()
    )
    if absence is None:
        return False
    close_absence(absence, actor=actor)
    return True


def _failed(actor, typed: str, reason: str) -> Arrival:
    keep_failure(actor, typed, reason)
    return Arrival(failure=reason)
