"""A student says: I am here. Counted once, on the day the server sees, kept also when it is odd."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from attendance import policies
from attendance.enums import COUNTING_PLACEMENTS, CheckInMethod, Flag, ScanFailure
from attendance.models import Absence, CheckIn, FailedScan
from attendance.queries.arrival import Chance, chances_of, likeliest
from attendance.services.absence import close_absence
from companies.models import Location
from stage.core.dutch.calendar import local_datetime, school_today
from stage.core.models.base import new_public_id
from stage.core.record import audit
from stage.core.tenants.statements import insert_once
from stage.core.who.policies import require


@dataclass(frozen=True)
class Arrival:
    """What became of a scan. `failure` is a ScanFailure; then there is no check-in."""

    check_in: CheckIn | None = None
    already: bool = False  # there was one for this day
    is_back: bool = False  # it closed an illness
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
) -> Arrival:
    """Check the student in with a poster's code; without a code where students report themselves.

    The date is the Dutch date on the server's clock; `device_at` is kept and decides nothing. The
    same nonce, or a second time on a day, gives the check-in there already is.
    """
    today = school_today()
    chances = chances_of(actor, today, code)
    if code and not _is_known(code, chances, actor):
        return _failed(actor, code, ScanFailure.UNKNOWN_CODE)
    chance = likeliest(chances, today)
    if chance is None or (not code and not chance.reports_self):
        return _failed(actor, code, ScanFailure.NO_PLACEMENT)
    if chance.company_ticks:
        return _failed(actor, code, ScanFailure.BY_COMPANY)
    require(policies.check_in, actor, chance)
    now = timezone.now()
    flags = flags_of(chance, today, now)
    row = CheckIn.about(
        chance,
        placement_id=chance.id,
        date=today,
        at=now,
        device_at=device_at,
        nonce=nonce or new_public_id(),
        method=method if code else CheckInMethod.SELF,
        flags=flags,
        poster=code if Flag.OTHER_LOCATION in flags else "",
    )
    earlier = _insert(row, actor)
    if earlier is not None:
        return Arrival(earlier, already=True)
    audit.record(actor, "checked_in", row, fields=["at", "flags"])
    return Arrival(row, is_back=chance.is_away and _back_to_work(chance, today, actor))


def find_location(code: str, *, actor) -> Location | None:
    """The place of work a poster hangs at; other regions' posters are unknown here."""
    # A function of the database: a student asks where one code hangs, and reads none.
    hangs_at = RawSQL("SELECT location_id FROM location_of_poster(%s)", [code])
    rows = Location.objects.visible_to(actor).filter(pk__in=hangs_at)
    return rows.defer("poster_code").select_related("company").first()


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


def _back_to_work(chance: Chance, today: date, actor) -> bool:
    absence = (
        Absence.objects.visible_to(actor)
        .open()
        .filter(placement_id=chance.id, starts__lte=today)
        .first()
    )
    if absence is None:
        return False
    close_absence(absence, actor=actor)
    return True


def _failed(actor, typed: str, reason: str) -> Arrival:
    row = FailedScan(
        school_id=actor.school_id, student_id=actor.student_id, typed=typed[:40], reason=reason
    )
    # ON CONFLICT DO NOTHING: a student may write here and not read.
    FailedScan.objects.bulk_create([row], ignore_conflicts=True)
    return Arrival(failure=reason)
