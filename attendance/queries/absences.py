"""Days on which somebody will be away, as was reported."""

from __future__ import annotations

from attendance.enums import PARTLY, AbsenceKind
from attendance.models import Absence
from stage.core.dutch.calendar import school_today

MOST = 20


def absences_to_come(actor, **about) -> list[Absence]:
    """What stands of a student or placement and is not over: days away, the first one first."""
    rows = Absence.objects.visible_to(actor).standing().filter(**about, ends__gte=school_today())
    rows = rows.exclude(kind__in=[*PARTLY, AbsenceKind.ILL])
    return list(rows.order_by("starts", "pk")[:MOST])
