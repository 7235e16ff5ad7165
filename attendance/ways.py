"""How attendance is kept of a placement: at its place of work, else as its company, else as school.

Said three times, for three kinds of readers: here for rows that were read, as `way` for a query,
and in `queries.arrival`. `test_ways` holds them to one answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from attendance.models import AttendanceSettings
from companies.enums import AttendanceMode
from placements.models import Placement


def way_at(placement: Placement, school_way: str) -> str:
    """The poster is what companies begin with: there the school's choice counts."""
    here = placement.location.attendance_mode if placement.location else ""
    own = here or placement.company.stays.attendance_mode
    return school_way if own == AttendanceMode.QR and not here else own


def way(of: str = "") -> Case:
    """The same in a query; `of` leads to the placement, as "placement__"."""
    here = f"{of}location__attendance_mode"
    # The company that stays, where it was merged.
    company = Coalesce(
        F(f"{of}company__merged_into__attendance_mode"), F(f"{of}company__attendance_mode")
    )
    chosen = AttendanceSettings.objects.filter(school=OuterRef(f"{of}school")).values("way")
    return Case(
        When(Q(**{f"{here}__gt": ""}), then=F(here)),
        When(~Exact(company, AttendanceMode.QR), then=company),
        default=Coalesce(Subquery(chosen), Value(AttendanceMode.QR)),
        output_field=CharField(),
    )


def ways_of(placements: Iterable[Placement]) -> dict[int, str]:
    """The way of each placement, by its number; in one query."""
    rows = Placement.objects.filter(pk__in=[p.pk for p in placements]).order_by()
    return dict(rows.values_list("pk", way()))


def day_end_at(placement: Placement) -> str:
    """What students say of the rest of a day: at the place of work, else as its company."""
    here = placement.location.day_end if placement.location else ""
    return here or placement.company.stays.day_end


def company_ticks(placement: Placement) -> bool:
    """Whether the company says who is there, and the student does not."""
    return ways_of([placement])[placement.pk] == AttendanceMode.SUPERVISOR
