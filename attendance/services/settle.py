"""The school settles a day of which nobody knew, and takes it back if that was a mistake."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import policies
from attendance.enums import AbsenceKind, CheckInMethod
from attendance.models import Absence, CheckIn
from attendance.services.absence import report_absence
from attendance.services.planned_starts import start_as_planned
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import STAFF
from stage.core.record import audit
from stage.core.who.policies import Conflict, require

PRESENT, ILL, ABSENT = "present", "ill", "absent"


@transaction.atomic
def settle(
    placement: Placement,
    *,
    actor,
    day: date,
    outcome: str,
    reason: str = "",
    excused: bool | None = None,
) -> None:
    """Say what a planned day came to: PRESENT, ILL or ABSENT with a reason.

    Raises NotAllowed, and Conflict for a day to come, an unplanned day or one that is known.
    """
    require(policies.settle, actor, placement)
    planned = placement.planned_days.filter(date=day).first()
    if planned is None or day > school_today():
        raise Conflict(_("Dit is geen stagedag die al geweest is."))
    there = CheckIn.objects.starts().filter(placement=placement, date=day)
    if there.exists():
        raise Conflict(_("Deze leerling heeft zich intussen zelf gemeld."))
    if outcome == PRESENT:
        _make(placement, planned, actor)
        return
    kind = AbsenceKind.ILL if outcome == ILL else AbsenceKind.OTHER
    report_absence(placement, actor=actor, kind=kind, day=day, note=reason, excused=excused)


def _make(placement: Placement, planned, actor) -> None:
    start_as_planned(
        placement, [planned], method=CheckInMethod.SETTLED, settled_by=actor.membership
    )
    audit.record(actor, "settled_present", placement, fields=["check_in"])


@transaction.atomic
def undo_settle(placement: Placement, *, actor, day: date) -> None:
    """Take back what the school itself settled for a day. Raises NotAllowed, Conflict if nothing.

    A student's scan and somebody else's report stay.
    """
    require(policies.settle, actor, placement)
    said = CheckIn.objects.standing().filter(method=CheckInMethod.SETTLED)
    ticks = said.filter(placement=placement, date=day)
    reports = Absence.objects.filter(
        placement=placement, starts=day, reported_kind__in=STAFF, back_at__isnull=True
    )
    gone = ticks.delete()[0] + reports.delete()[0]
    if not gone:
        raise Conflict(_("Er is niets van de school om terug te draaien."))
    audit.record(actor, "settled_undone", placement, fields=["check_in", "absence"])


@transaction.atomic
def mark_seen(check_in: CheckIn, *, actor) -> None:
    """An odd arrival was looked at and is all right."""
    require(policies.settle, actor, check_in.placement)
    rows = CheckIn.objects.standing().filter(pk=check_in.pk, flags_seen_at__isnull=True)
    if rows.update(flags_seen_at=timezone.now()):
        audit.record(actor, "odd_check_in_seen", check_in, fields=["flags_seen_at"])
