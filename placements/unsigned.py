"""Under sixteen nobody works before the agreement is signed (Nadere regeling kinderarbeid 3:1).

Blocks, unless the school says why it starts all the same; that reason is kept with the placement.
Attendance counts on signed placements alone (`COUNTING_PLACEMENTS`), so who waits is not expected.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import DateField, Exists, F, Func, OuterRef

from placements.enums import UNSIGNED
from placements.models import Placement, PlacementQuerySet, RuleOverride

RULE = "unsigned_under_16"
MOVED = "unsigned_after_move"  # at another company, at any age: the school wanted no gap
AGE = 16
SOON_DAYS = 7


def young(rows: PlacementQuerySet) -> PlacementQuerySet:
    """Placements whose student is under sixteen on the first day."""
    born_after = Func(
        F("starts"),
        template=f"(%(expressions)s - interval '{AGE} years')::date",
        output_field=DateField(),
    )
    return rows.filter(student__birth_date__gt=born_after)


def waiting(rows: PlacementQuerySet, today: date) -> PlacementQuerySet:
    """Those that begin within a week or began, unsigned, and for which no reason was given."""
    allowed = RuleOverride.objects.filter(placement=OuterRef("pk"), rule=RULE)
    near = today + timedelta(days=SOON_DAYS)
    rows = rows.filter(state__in=UNSIGNED, starts__lte=near, ends__gte=today)
    return young(rows).filter(~Exists(allowed))


def allowed(rows: PlacementQuerySet, today: date) -> PlacementQuerySet:
    """Those that began unsigned with the school's reason, and do not run yet."""
    given = RuleOverride.objects.filter(placement=OuterRef("pk"), rule__in=(RULE, MOVED))
    return rows.filter(Exists(given), state__in=UNSIGNED, starts__lte=today, ends__gte=today)


def must_be_signed_first(placement: Placement, today: date) -> bool:
    """Whether a placement should run today and may not. What was allowed runs, by its state."""
    began = placement.state in UNSIGNED and placement.starts <= today
    return began and placement.student.age_on(placement.starts) < AGE
