"""Two people change one placement at once, or one changes it while another signs."""

from datetime import date, time

import pytest

from placements import services
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind, PlacementState
from placements.models import Placement, PlacementChange
from stage.core.tenants.tenancy import SYSTEM, use
from tests.placements.changes import current, days_of, in_state
from tests.placements.helpers import mails
from tests.placements.test_application_services import second_place
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SECOND_MONDAY = date(2027, 1, 18)


@pytest.fixture
def running(committed_world):
    return in_state(committed_world.berk.placement, "running")


def doing(placement, kind, **wanted):
    chosen = Wanted(kind=ChangeKind(kind), from_on=SECOND_MONDAY, reason="fit", **wanted)

    def do(who):
        row = Placement.objects.get(pk=placement.pk)
        services.change_placement(row, chosen, actor=who)

    return do


def test_two_who_move_the_same_student_move_it_once(committed_world, running):
    world = committed_world
    move = doing(running, "move", place=second_place(world, how_many=5))
    boss = world.actor(world.berk.coordinator)
    assert sorted(at_once((boss, move), (boss, move), rows=[running.student])) == ["conflict", "ok"]
    with use(SYSTEM):
        live = Placement.objects.live().filter(student=running.student)
        assert live.count() == 1
        assert PlacementChange.objects.filter(placement=running).count() == 1
    told = [(m.person_kind, m.person_id) for m in mails("placement_changed")]
    assert len(told) == len(set(told))


def test_the_last_place_goes_to_one_of_two_who_move(committed_world, running):
    """Two students go to the same, last place: one stays where it was, with all its days."""
    world = committed_world
    place = second_place(world)
    with use(SYSTEM):
        other = Placement.objects.get(pk=running.pk)
        other.pk, other.public_id, other.student = None, "tweede-stage", world.berk.students[1]
        other.save(force_insert=True)
    boss = world.actor(world.berk.coordinator)
    answers = at_once(
        (boss, doing(running, "move", place=place)),
        (boss, doing(other, "move", place=place)),
        rows=[place],
    )
    assert sorted(answers) == ["conflict", "ok"]
    with use(SYSTEM):
        assert Placement.objects.live().filter(place=place).count() == 1
        states = Placement.objects.filter(pk__in=[running.pk, other.pk])
        assert sorted(states.values_list("state", flat=True)) == [
            PlacementState.RUNNING,
            PlacementState.STOPPED,
        ]


def test_a_stop_and_other_days_at_once_leave_no_day_after_the_end(committed_world, running):
    world = committed_world
    boss = world.actor(world.berk.coordinator)
    answers = at_once(
        (boss, doing(running, "stop")),
        (boss, doing(running, "schedule", weekdays=(1, 2, 3), day_to=time(15))),
        rows=[running.student],
    )
    assert "ok" in answers
    now = current(running)
    assert now.state == PlacementState.STOPPED
    assert max(days_of(running)) <= now.ends < SECOND_MONDAY
