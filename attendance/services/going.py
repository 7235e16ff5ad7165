"""The rest of a day at work: going home, pauses, and what was said wrong put right."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import policies
from attendance.enums import CheckInKind, CheckInMethod, Flag
from attendance.models import AttendanceSettings, CheckIn
from attendance.moments import SAYS_GOING_FOR
from attendance.services.check_in import AT_ONCE
from attendance.services.locks import hold_week
from attendance.services.weeks import is_confirmed
from attendance.services.withdrawing import withdraw
from attendance.stays import Stay, stay_of
from attendance.ways import day_end_at
from companies.enums import DayEnd
from placements.models import Placement
from stage.core.dutch.calendar import local_datetime, school_day, school_today
from stage.core.record import audit
from stage.core.tenants.statements import insert_once
from stage.core.who.policies import Conflict, require


@transaction.atomic
def check_out(*, actor, at: datetime | None = None, device_at: datetime | None = None) -> CheckIn:
    """The student goes home; twice gives the end there is. Raises NotAllowed, Conflict.

    `at`: when it was pressed on a phone without a network; `device_at` is kept and decides nothing.
    """
    at = at or timezone.now()
    arrival = _arrival_of(actor, at, (DayEnd.TOLD, DayEnd.BREAKS))
    known = _stay(arrival).out
    if known is not None:
        return known
    planned = arrival.placement.planned_days.filter(date=arrival.date).first()
    if planned is not None:
        ends = local_datetime(planned.date, planned.day_to)
        if at >= ends + SAYS_GOING_FOR:
            words = _("Je dag was klaar om %(time)s. Die tijd telt.")
            raise Conflict(words % {"time": f"{planned.day_to:%H:%M}"})
    row = _row(arrival, CheckInKind.END, at, device_at)
    if insert_once(row):
        audit.record(actor, "checked_out", row, fields=["at"])
        return row
    return _stay(arrival).out or row


@transaction.atomic
def start_pause(*, actor, at: datetime | None = None, device_at: datetime | None = None) -> None:
    """A pause begins; in a pause it changes nothing. Raises NotAllowed, Conflict."""
    at = at or timezone.now()
    arrival = _arrival_of(actor, at, (DayEnd.BREAKS,))
    stay = _stay(arrival)
    if stay.out is not None:
        raise Conflict(_("Je dag is al klaar."))
    if stay.open_pause is None and insert_once(_row(arrival, CheckInKind.PAUSE, at, device_at)):
        audit.record(actor, "pause_started", arrival)


@transaction.atomic
def end_pause(*, actor, at: datetime | None = None, device_at: datetime | None = None) -> None:
    """Back at work; outside a pause it changes nothing. Raises NotAllowed, Conflict.

    Also where the company stopped asking while the pause ran.
    """
    at = at or timezone.now()
    arrival = _arrival_of(actor, at, tuple(DayEnd))
    if _stay(arrival).open_pause and insert_once(_row(arrival, CheckInKind.BACK, at, device_at)):
        audit.record(actor, "pause_ended", arrival)


@transaction.atomic
def undo_check_out(*, actor, at: datetime | None = None) -> None:
    """The student pressed by mistake, two minutes before `at` at most. NotAllowed, Conflict."""
    day = school_day(at) if at else school_today()
    rows = CheckIn.objects.visible_to(actor).ends()
    row = rows.filter(student_id=actor.student_id, date=day).select_related("placement").first()
    if row is None:
        raise Conflict(_("Je dag staat niet meer als klaar."))
    require(policies.check_in, actor, row.placement)
    if not row.could_be_undone(at or timezone.now()):
        raise Conflict(_("Dat kan tot twee minuten erna. Klopt het niet? Bel je stagebegeleider."))
    withdraw(row, "", actor)


@transaction.atomic
def correct_check_out(
    placement: Placement, *, actor, arrival: CheckIn, at: datetime | None, why: str = ""
) -> None:
    """School or company says when a student went, `at` None: nobody knows, the plan counts.

    What stood before is withdrawn with why. Raises NotAllowed, and Conflict for a time that cannot
    be, without a reason where something stood, or once the company confirmed the day.
    """
    require(policies.corrects_day, actor, placement)
    hold_week(placement.pk, arrival.date)
    if is_confirmed(placement, arrival.date):
        raise Conflict(_("Het bedrijf heeft deze dag al bevestigd. De uren van de week tellen."))
    if at is not None and not arrival.at < at < _end_of(arrival):
        raise Conflict(_("Kies een tijd na het begin, op deze dag en niet later dan nu."))
    known = _stay(arrival).out
    if known is not None and not why.strip():
        raise Conflict(_("Schrijf op waarom. Wie later kijkt, leest dat."))
    if known is not None:
        withdraw(known, why.strip(), actor)
    if at is None:
        return
    row = _row(arrival, CheckInKind.END, at)
    row.method = CheckInMethod.SUPERVISOR if actor.is_company else CheckInMethod.SETTLED
    row.settled_by_id = None if actor.is_company else actor.membership
    row.flags = []
    row.save(force_insert=True)
    audit.record(actor, "check_out_corrected", row, fields=["at"])


def _end_of(arrival: CheckIn) -> datetime:
    """The last moment that can be said of this day."""
    midnight = local_datetime(arrival.date + timedelta(days=1), datetime.min.time())
    return min(timezone.now() + timedelta(minutes=1), midnight)


def _arrival_of(actor, at: datetime, asked: tuple[str, ...]) -> CheckIn:
    """The arrival of that day, under its lock. Raises NotAllowed, Conflict."""
    rows = CheckIn.objects.visible_to(actor).starts().filter(student_id=actor.student_id)
    rows = rows.select_related("placement__company__merged_into", "placement__location")
    rows = rows.defer("placement__location__poster_code")
    arrival = rows.filter(date=school_day(at)).first()
    if arrival is None:
        raise Conflict(_("Je staat niet als aangemeld. Meld eerst dat je er bent."))
    placement = arrival.placement
    require(policies.check_in, actor, placement)
    if day_end_at(placement) not in asked:
        raise Conflict(_("Dit bedrijf vraagt dit niet meer. Je geplande tijd telt."))
    limit = AttendanceSettings.objects.of(placement.school_id).offline_hours
    if timezone.now() - at > max(timedelta(hours=limit), AT_ONCE):
        raise Conflict(_("Dit is te lang geleden. Je geplande tijd telt."))
    if at <= arrival.at:
        raise Conflict(_("Dit was voor je je aanmeldde. Je geplande tijd telt."))
    hold_week(placement.pk, arrival.date)
    return arrival


def _stay(arrival: CheckIn) -> Stay:
    rows = CheckIn.objects.standing().filter(placement=arrival.placement_id, date=arrival.date)
    return stay_of(rows.exclude(kind=CheckInKind.START))


def _row(arrival: CheckIn, kind: str, at: datetime, device_at: datetime | None = None) -> CheckIn:
    waited = timezone.now() - at > AT_ONCE or arrival.date != school_today()
    return CheckIn.about(
        arrival.placement,
        date=arrival.date,
        at=at,
        device_at=device_at,
        kind=kind,
        method=CheckInMethod.SELF,
        flags=[Flag.OFFLINE.value] if waited else [],
    )
