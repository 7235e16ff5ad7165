"""Days of which no company gave its word, long after the week."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, F, OuterRef

from attendance.enums import COUNTING_PLACEMENTS
from attendance.models import ConfirmedDay
from placements.models import PlannedDay
from stage.core.dutch.calendar import school_today

WAITS = timedelta(days=14)  # as long as a company may change its word
LOOKS_BACK = timedelta(weeks=10)  # as far as a company is asked


def students_unconfirmed(actor) -> int:
    """How many of these students have days nobody confirmed two weeks after their week ended."""
    today = school_today()
    # The Sunday of the newest week that ended two weeks ago.
    last = today - WAITS
    last -= timedelta(days=last.isoweekday() % 7)
    said = ConfirmedDay.objects.filter(placement=OuterRef("placement"), date=OuterRef("date"))
    rows = PlannedDay.objects.visible_to(actor).filter(
        school_id=actor.school_id,
        placement__state__in=COUNTING_PLACEMENTS,
        date__range=(today - LOOKS_BACK, last),
        date__gte=F("placement__created_at__date"),
    )
    return rows.filter(~Exists(said)).order_by().values("student_id").distinct().count()
