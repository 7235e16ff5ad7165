"""What changes in placements: a company asks, the school agreed to other times, one stopped."""

from __future__ import annotations

from datetime import time, timedelta

from companies.enums import ContactRole
from placements import services
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind, ChangeReason, Heard, PlacementState
from placements.models import Placement
from stage.core.tenants.tenancy import use
from stage.devtools.demo import clock
from stage.devtools.demo.cast import by
from stage.devtools.demo.clock import Story
from stage.devtools.demo.schools import DemoSchool

ASK = "Vrijdag doen wij de inventaris. Dan is er niemand die kan begeleiden."


def let_change(school: DemoSchool, *, story: Story) -> None:
    """One company asks for a day off; one student works other hours, which waits for signatures."""
    with use(school.cast.scope):
        rows = Placement.objects.filter(
            state=PlacementState.RUNNING, supervisor__isnull=False, ends__gt=story.today
        )
        running = list(rows.select_related("supervisor", "company").order_by("-pk")[:2])
    if len(running) < 2:
        return
    asks, altered = running
    with clock.at(clock.on(story.back(1), "16:40")):
        day = asks.ends
        by(
            school.cast.company(asks.company_id, ContactRole.CONTACT),
            services.ask_change,
            asks,
            Wanted(
                kind=ChangeKind.PAUSE,
                from_on=day,
                until_on=day,
                reason=ChangeReason.NO_WORK,
                words=ASK,
            ),
        )
    with clock.at(clock.on(story.back(1), "15:20")):
        by(
            school.cast.coordinator,
            services.change_placement,
            altered,
            Wanted(
                kind=ChangeKind.SCHEDULE,
                from_on=story.today + timedelta(days=1),
                reason=ChangeReason.AGREED,
                weekdays=tuple(altered.weekdays),
                day_from=time(9),
                day_to=time(15),
                break_minutes=30,
            ),
        )


def let_stop(school: DemoSchool, placement: Placement) -> None:
    """Three days, and it was too heavy: the school ends it after hearing all."""
    with use(school.cast.scope):
        days = list(placement.planned_days.order_by("date").values_list("date", flat=True)[:4])
    with clock.at(clock.on(days[2], "15:30")):
        by(
            school.cast.coordinator,
            services.change_placement,
            placement,
            Wanted(
                kind=ChangeKind.STOP,
                from_on=days[3],
                reason=ChangeReason.ILLNESS,
                words="Het werk is te zwaar voor zijn knie.",
                heard=(Heard.STUDENT, Heard.SUPERVISOR, Heard.TEACHER),
            ),
        )
