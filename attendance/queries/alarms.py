"""Who may be missing today, without reading everybody."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef

from attendance.enums import COUNTING_PLACEMENTS, AlarmStep
from attendance.models import Alarm, Called, CheckIn
from placements.models import PlannedDay
from stage.core.dutch.calendar import AMSTERDAM


def may_be_missing(day: date, now: datetime):
    """Planned days whose hours run, without a check-in, a call or the last step of the alarm.

    Days that are free or called off have no planned day. In the running scope.
    """
    clock = now.astimezone(AMSTERDAM).time()
    same = {"placement": OuterRef("placement"), "date": OuterRef("date")}
    return (
        PlannedDay.objects.filter(
            date=day,
            day_from__lte=clock,
            day_to__gt=clock,
            placement__state__in=COUNTING_PLACEMENTS,
        )
        .filter(~Exists(CheckIn.objects.starts().filter(**same)))
        .filter(~Exists(Called.objects.filter(**same)))
        .filter(~Exists(Alarm.objects.filter(**same, step=AlarmStep.COORDINATOR)))
    )
