"""A student says: I am here. Counted once, on the day the server sees, kept also when it is odd."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from attendance import policies
from attendance.days import missed_at
from attendance.enums import COUNTING_PLACEMENTS, CheckInMethod, Flag, ScanFailure
from attendance.models import Absence, CheckIn, FailedScan
from attendance.queries.folder import DEFAULT_LATE_MINUTES, late_limits
from attendance.services.absence import close_absence
from companies.enums import AttendanceMode
from companies.models import Company, Location
from placements.models import Placement, PlannedDay
from stage.core import audit
from stage.core.calendar import school_today
from stage.core.models.base import new_public_id
from stage.core.policies import require

# A scan this long before or after a placement still belongs to it, flagged.
OUTSIDE_DAYS = 31


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
    location = find_location(code, actor=actor) if code else None
    if code and location is None:
        return _failed(actor, code, ScanFailure.UNKNOWN_CODE)
    placement, planned = choose_placement(actor, today, location)
    if placement is None or (not code and not _reports_self(placement)):
        return _failed(actor, code, ScanFailure.NO_PLACEMENT)
    require(policies.check_in, actor, placement)
    now = timezone.now()
    flags = flags_of(placement, planned, location, today, now)
    row = CheckIn(
        school_id=placement.school_id,
        student_id=placement.student_id,
        company_id=placement.company_id,
        placement=placement,
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
    return Arrival(row, is_back=_back_to_work(placement, today, actor))


def _reports_self(placement: Placement) -> bool:
    return placement.company.attendance_mode == AttendanceMode.STUDENT


def find_location(code: str, *, actor) -> Location | None:
    """The place of work a poster hangs at; other regions' posters are unknown here."""
    rows = Location.objects.visible_to(actor).filter(poster_code=code)
    return rows.select_related("company").first()


def choose_placement(
    actor, today: date, location: Location | None
) -> tuple[Placement | None, PlannedDay | None]:
    """The placement a scan of today belongs to: the planned one, else the nearest that lives."""
    near = timedelta(days=OUTSIDE_DAYS)
    rows = (
        Placement.objects.visible_to(actor)
        .live()
        .filter(student_id=actor.student_id, starts__lte=today + near, ends__gte=today - near)
        .select_related("company")
    )
    placements = list(rows)
    if not placements:
        return None, None
    planned = PlannedDay.objects.visible_to(actor).filter(
        placement__in=[p.pk for p in placements], date=today
    )
    plan = planned.first()
    if plan is not None:
        return next(p for p in placements if p.pk == plan.placement_id), plan
    return min(placements, key=lambda p: _distance(p, today, location)), None


def _distance(placement: Placement, today: date, location: Location | None) -> tuple:
    days = max((placement.starts - today).days, (today - placement.ends).days, 0)
    elsewhere = location is not None and not _same_company(placement.company, location.company)
    return (days > 0, elsewhere, days, placement.pk)


def _same_company(one: Company, other: Company) -> bool:
    return (one.merged_into_id or one.pk) == (other.merged_into_id or other.pk)


def flags_of(
    placement: Placement,
    planned: PlannedDay | None,
    location: Location | None,
    today: date,
    now: datetime,
) -> list[str]:
    """What is remarkable about a check-in; in the order of `Flag`."""
    flags = []
    if planned is not None and now > missed_at(planned, 0):
        limit = late_limits([placement.school_id]).get(placement.school_id, DEFAULT_LATE_MINUTES)
        if now > missed_at(planned, limit):
            flags.append(Flag.LATE)
    inside = placement.starts <= today <= placement.ends
    if planned is None and inside:
        flags.append(Flag.UNPLANNED_DAY)
    if location is not None and not _is_its_place(placement, location):
        flags.append(Flag.OTHER_LOCATION)
    if not inside:
        flags.append(Flag.OUTSIDE_PERIOD)
    if placement.state not in COUNTING_PLACEMENTS:
        flags.append(Flag.NOT_SIGNED)
    return [flag.value for flag in flags]


def _is_its_place(placement: Placement, location: Location) -> bool:
    if not _same_company(placement.company, location.company):
        return False
    return placement.location_id in (None, location.pk)


def _insert(row: CheckIn, actor) -> CheckIn | None:
    """Store the check-in; the earlier one when the database holds one for this day or nonce."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            return None
    except IntegrityError:
        mine = CheckIn.objects.visible_to(actor).filter(student_id=row.student_id)
        same_day = mine.starts().filter(placement_id=row.placement_id, date=row.date).first()
        earlier = same_day or mine.filter(nonce=row.nonce).first()
    if earlier is None:
        # Somebody else's nonce: no reason to turn this student away.
        row.nonce = new_public_id()
        row.save(force_insert=True)
    return earlier


def _back_to_work(placement: Placement, today: date, actor) -> bool:
    absence = (
        Absence.objects.visible_to(actor)
        .open()
        .filter(placement=placement, starts__lte=today)
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
