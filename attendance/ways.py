"""How attendance is kept of a placement: as its company agreed, else as the school chose."""

from __future__ import annotations

from collections.abc import Iterable

from attendance.models import AttendanceSettings
from companies.enums import AttendanceMode
from companies.models import Company
from placements.models import Placement


def way_at(company: Company, school_way: str) -> str:
    """The poster is what companies begin with: there the school's choice counts."""
    own = company.stays.attendance_mode
    return school_way if own == AttendanceMode.QR else own


def ways_of(placements: Iterable[Placement]) -> dict[int, str]:
    """The way of each placement, by its number; in one query."""
    rows = list(placements)
    settings = AttendanceSettings.objects.filter(school_id__in={p.school_id for p in rows})
    chosen = dict(settings.values_list("school_id", "way"))
    return {p.pk: way_at(p.company, chosen.get(p.school_id, AttendanceMode.QR)) for p in rows}


def company_ticks(placement: Placement) -> bool:
    """Whether the company says who is there, and the student does not."""
    return ways_of([placement])[placement.pk] == AttendanceMode.SUPERVISOR
