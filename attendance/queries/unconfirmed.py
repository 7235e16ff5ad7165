"""Days of which no company gave its word, long after the week."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Subquery

from attendance.enums import COUNTING_PLACEMENTS
from attendance.models import ConfirmedDay
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today

WAITS = timedelta(days=14)  # as long as a company may change its word
LOOKS_BACK = timedelta(weeks=10)  # as far as a company is asked


def students_unconfirmed(actor):
    """Which of these students have days nobody confirmed two weeks after their week ended."""
    return _unconfirmed(actor).order_by().values("student_id").distinct()


def placements_unconfirmed(actor):
    """The placements with such days, by the student's name, each with how many and the first."""
    mine = _unconfirmed(actor).filter(placement=OuterRef("pk")).order_by()
    return (
        Placement.objects.visible_to(actor)
        .filter(pk__in=_unconfirmed(actor).order_by().values("placement_id"))
        .annotate(
            days=Subquery(mine.values("placement_id").annotate(n=Count("pk")).values("n")),
            first=Subquery(mine.values("placement_id").annotate(d=Min("date")).values("d")),
            last=Subquery(mine.values("placement_id").annotate(d=Max("date")).values("d")),
        )
        .select_related("student", "company", "supervisor", "stand_in")
        .order_by("student__sort_name", "pk")
    )


def days_unconfirmed(actor, placement: Placement) -> list[date]:
    """Of one placement those days, in order."""
    rows = _unconfirmed(actor).filter(placement=placement).order_by("date")
    return list(rows.values_list("date", flat=True))


def _unconfirmed(actor):
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
    return rows.filter(~Exists(said))
