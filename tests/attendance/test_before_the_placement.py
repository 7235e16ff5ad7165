"""Nobody is expected on the days before a placement was made."""

from datetime import UTC, datetime

import pytest

from attendance.queries.folder import days_of, waiting_weeks
from attendance.queries.staff import groups_on, staff_day
from attendance.queries.weeks import company_week
from placements.models import Placement
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import FRIDAY, MONDAY, TUESDAY, WEEK, at, checked_in


@pytest.fixture
def made_on_wednesday(world) -> Placement:
    """Aya's placement, made when its period had run for two days."""
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(
            created_at=datetime(2027, 1, 13, 9, tzinfo=UTC)
        )
        return Placement.objects.get(pk=world.berk.placement.pk)


def states(world, placement) -> list[str]:
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        return [d.state for d in days_of(actor, [placement], MONDAY, FRIDAY)[placement.pk]]


def test_earlier_days_are_no_days_of_it(world, made_on_wednesday):
    with at(FRIDAY, "16:00"):
        assert states(world, made_on_wednesday) == ["free", "free", "unknown", "unknown", "unknown"]


def test_who_was_there_all_the_same_is_seen(world, made_on_wednesday):
    checked_in(made_on_wednesday, TUESDAY)
    with at(FRIDAY, "16:00"):
        assert states(world, made_on_wednesday)[1] == "present"


def test_nobody_is_missed_or_confirmed_on_an_earlier_day(world, made_on_wednesday):
    teacher, guide = (
        world.actor(world.berk.teacher),
        world.company_actor(world.noord.supervisors[0]),
    )
    with at(FRIDAY, "16:00"):
        with use(teacher.scope):
            assert [t.group for t in staff_day(teacher, MONDAY)] == ["expected"]
            assert groups_on(teacher, MONDAY) == {"expected": 1}
        with use(guide.scope):
            week = next(
                w for w in company_week(guide, WEEK) if w.placement.pk == made_on_wednesday.pk
            )
            assert [t.can_tick for t in week.ticks] == [False, False, True, True, True]


def test_a_week_that_lies_before_it_never_waits(world, made_on_wednesday):
    guide = world.company_actor(world.noord.supervisors[0])
    with use(SYSTEM):
        made_on_wednesday.created_at = datetime(2027, 1, 18, 9, tzinfo=UTC)
        made_on_wednesday.save(update_fields=["created_at"])
    with at(MONDAY.replace(day=22), "16:00"), use(guide.scope):
        assert waiting_weeks(guide, [made_on_wednesday]) == {(made_on_wednesday.pk, "2027-W03")}
