"""Who stands in for whom is the coordinator's to say: the services refuse everybody else."""

from datetime import date

import pytest

from stage.core.models import Membership
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import NotAllowed
from stage.schools.models import StandIn
from stage.schools.services import stand_ins
from tests.attendance.helpers import at
from tests.placements.test_stand_ins import FRIDAY, TUESDAY, begin


@pytest.fixture(autouse=True)
def on_tuesday(before_the_period):
    with at(TUESDAY, "10:00"):
        yield


def start(world, actor):
    stand_ins.begin(
        Membership.objects.get(pk=world.berk.teacher.pk),
        to=Membership.objects.get(pk=world.berk.colleague.pk),
        starts=TUESDAY,
        until=FRIDAY,
        actor=actor,
    )


def the_one() -> StandIn:
    return StandIn.objects.select_related("absent", "stand_in").get()


def prolong(_world, actor):
    stand_ins.prolong(the_one(), until=date(2027, 1, 22), actor=actor)


def end(_world, actor):
    stand_ins.end(the_one(), actor=actor)


@pytest.mark.parametrize("step", [start, prolong, end])
def test_a_teacher_may_not_say_who_stands_in(world, step):
    if step is not start:
        begin(world)
    actor = world.actor(world.berk.teacher)
    with use(actor.scope), pytest.raises(NotAllowed):
        step(world, actor)
    with use(SYSTEM):
        rows = list(StandIn.objects.values_list("until", "ended_at"))
    assert rows == ([] if step is start else [(FRIDAY, None)])
