"""A code on the student's phone, which counts once the supervisor scanned it and said so."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone

from attendance import policies
from attendance.enums import CheckInMethod, Flag
from attendance.models import Absence, AttendanceSettings, CheckIn
from attendance.services.absence import close_absence
from placements.models import Placement
from stage.core.dutch.calendar import local_datetime, school_today
from stage.core.record import audit
from stage.core.tenants.statements import insert_once
from stage.core.who.policies import require

COUNTS_FOR = 60  # seconds that a code can be scanned
PRESSED_WITHIN = 5 * 60  # seconds in which who scanned it says so
_SIGNER = signing.TimestampSigner(salt="attendance.shown", sep="~")


def code_of(placement: Placement) -> str:
    """Of this moment; it names the placement and no person."""
    return _SIGNER.sign(placement.public_id)


def placement_of(code: str, *, seconds: int = COUNTS_FOR) -> str | None:
    """The public id of the placement; None for a code that is forged or older."""
    try:
        return _SIGNER.unsign(code, max_age=seconds)
    except signing.BadSignature:
        return None


@transaction.atomic
def tick_shown(placement: Placement, *, actor) -> bool:
    """The supervisor scanned the student's phone: here since now. False if there was one already.

    Raises NotAllowed. Also on a day that was not planned: then the school looks at it.
    """
    require(policies.confirm_week, actor, placement)
    today, now = school_today(), timezone.now()
    row = CheckIn.about(
        placement, date=today, at=now, method=CheckInMethod.SHOWN, flags=_flags(placement, now)
    )
    if not insert_once(row):
        return False
    audit.record(actor, "ticked_present", placement)
    absence = Absence.objects.visible_to(actor).open()
    absence = absence.filter(placement=placement, starts__lte=today).first()
    if absence is not None:
        close_absence(absence, actor=actor)
    return True


def _flags(placement: Placement, now) -> list[str]:
    planned = placement.planned_days.filter(date=school_today()).first()
    if planned is None:
        return [Flag.UNPLANNED_DAY.value]
    late_after = AttendanceSettings.objects.of(placement.school_id).late_after_minutes
    expected = local_datetime(planned.date, planned.day_from)
    return [Flag.LATE.value] if now > expected + timedelta(minutes=late_after) else []
