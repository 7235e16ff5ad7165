"""Decision 8, both ways: what a press reads as one statement written once, and by the ORM."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from attendance.models import Absence, AttendanceSettings
from attendance.queries.arrival import OUTSIDE_DAYS, Chance, chances_of
from attendance.ways import way
from companies.models import Location
from placements.enums import PLACED
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.models import Membership
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import actor_of_membership
from stage.devtools.embedded.engines import Engines
from tests.bench import rush
from tests.bench.client import percentile
from tests.bench.processors import database_of

COUNT = 400
WARM = 40
# Fields of a `Chance` that the ORM reads as well, in the order of its columns.
FIELDS = "id company_name state starts ends way planned_from planned_until away company_now"
FIELDS += " location_id late_after offline_hours poster_location poster_company"


def by_statement(actor, today, code: str) -> list[tuple]:
    """As the product does it."""
    found = chances_of(actor, today, code, kind=Chance)
    return [tuple(getattr(chance, name) for name in FIELDS.split()) for chance in found]


def by_orm(actor, today, code: str) -> list[tuple]:
    """The same, in two queries that the ORM builds anew each time."""
    near = timedelta(days=OUTSIDE_DAYS)
    ill = Absence.objects.open().filter(placement=OuterRef("pk"), starts__lte=today)
    chosen = AttendanceSettings.objects.filter(school=OuterRef("school"))
    rows = (
        Placement.objects.visible_to(actor)
        .filter(student_id=actor.student_id, state__in=PLACED)
        .filter(starts__lte=today + near, ends__gte=today - near)
        .annotate(
            day=FilteredRelation("planned_days", condition=Q(planned_days__date=today)),
            from_time=F("day__day_from"),
            until_time=F("day__day_to"),
            at_way=way(),
            away=Subquery(ill.values("kind")[:1]),
            late_after=Subquery(chosen.values("late_after_minutes")),
            offline_hours=Subquery(chosen.values("offline_hours")),
        )
        .order_by("pk")
        .values_list(
            *("pk", "company__name", "state", "starts", "ends", "at_way", "from_time"),
            *("until_time", "away", "company__family_id", "location_id"),
            *("late_after", "offline_hours"),
        )
    )
    hangs_at = RawSQL("SELECT location_id FROM location_of_poster(%s)", [code])
    poster = Location.objects.visible_to(actor).filter(pk__in=hangs_at)
    place = poster.values_list("pk", "company__family_id").first()
    return [(*row, *(place or (None, None))) for row in rows]


def measure(engines: Engines) -> str:
    """Milliseconds of each way in one process, and the processor time it takes the database."""
    students = rush.at_the_poster(engines)[: COUNT + WARM]
    with use(SYSTEM):
        rows = Membership.objects.select_related("school", "region")
        found = rows.in_bulk([s.number for s in students])
        asked = [(actor_of_membership(found[s.number]), s.poster) for s in students]
    lines = [
        "| what a press reads | Python CPU ms | database CPU ms | p50 ms | p95 ms |",
        "|---|---:|---:|---:|---:|",
    ]
    for actor, code in asked[:WARM]:
        with use(actor.scope), transaction.atomic():
            both = [read(actor, school_today(), code) for read in (by_statement, by_orm)]
        if both[0] != both[1]:
            raise RuntimeError(f"they differ: {both}")
    for name, read in (("one statement", by_statement), ("two queries of the ORM", by_orm)):
        numbers = _times(engines, read, asked[WARM:])
        lines.append(f"| {' | '.join([name, *(f'{n:.2f}' for n in numbers)])} |")
    return "\n".join(lines)


def _times(engines: Engines, read: Callable, asked: list) -> list[float]:
    """Milliseconds a read: of Python, of the database, and by the clock (half, and 95 of 100)."""
    took, today = [], school_today()
    python, database = time.process_time(), database_of(engines)
    for actor, code in asked:
        with use(actor.scope), transaction.atomic():
            began = time.perf_counter()
            read(actor, today, code)
            took.append((time.perf_counter() - began) * 1000)
    each = 1000 / len(asked)
    return [
        (time.process_time() - python) * each,
        (database_of(engines) - database) * each,
        percentile(took, 0.5),
        percentile(took, 0.95),
    ]
