"""Two people at once, on committed rows: exactly one wins, and nothing is given twice."""

import pytest

from companies.models import Place
from placements import queries, services
from placements.enums import ApplicationState
from placements.models import Application, Placement, PlannedDay
from stage.core.models import Student
from stage.core.tenancy import SYSTEM, use
from tests.placements.helpers import apply_to, at_once, state_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(committed_world):
    """The world with one place left: the first student has the other one."""
    with use(SYSTEM):
        apply_to(committed_world.berk.places[0], committed_world.berk.students[2])
    return committed_world


def application_of(world, n):
    return Application.objects.get(student=world.berk.students[n], place=world.berk.places[0])


def accept(world, n):
    return lambda actor: services.accept_application(application_of(world, n), actor=actor)


def match(world, n):
    return lambda actor: services.match(
        Student.objects.get(pk=world.berk.students[n].pk),
        Place.objects.get(pk=world.berk.places[0].pk),
        actor=actor,
    )


def used(world) -> int:
    with use(SYSTEM):
        return queries.used_places([world.berk.places[0].pk])[world.berk.places[0].pk]


def test_two_colleagues_accept_for_the_last_place(world):
    boss = world.company_actor(world.noord.contacts[0])
    colleague = world.company_actor(world.noord.supervisors[0])
    answers = at_once((boss, accept(world, 1)), (colleague, accept(world, 2)))
    assert sorted(answers) == ["conflict", "ok"]
    assert used(world) == 2


def test_two_students_are_matched_to_the_last_place(world):
    actor = world.actor(world.berk.coordinator)
    answers = at_once((actor, match(world, 1)), (actor, match(world, 2)))
    assert sorted(answers) == ["conflict", "ok"]
    assert used(world) == 2


def test_two_coordinators_match_the_same_student(world):
    actor = world.actor(world.berk.coordinator)
    answers = at_once((actor, match(world, 1)), (actor, match(world, 1)))
    assert sorted(answers) == ["conflict", "ok"]
    with use(SYSTEM):
        assert Placement.objects.filter(student=world.berk.students[1]).count() == 1
        assert PlannedDay.objects.filter(student=world.berk.students[1]).count() == 10


def test_the_student_withdraws_while_the_company_accepts(world):
    student = world.actor(world.berk.logins[1])
    company = world.company_actor(world.noord.contacts[0])
    answers = at_once(
        (
            student,
            lambda actor: services.withdraw_application(application_of(world, 1), actor=actor),
        ),
        (company, accept(world, 1)),
    )
    # Whoever is first, the student's word stands and no place stays kept.
    assert answers in (["ok", "ok"], ["ok", "conflict"])
    assert state_of(world.berk.applications[1]) == ApplicationState.WITHDRAWN
    assert used(world) == 1


def test_the_company_declines_while_the_school_matches(world):
    school = world.actor(world.berk.coordinator)
    company = world.company_actor(world.noord.contacts[0])
    answers = at_once(
        (school, match(world, 1)),
        (
            company,
            lambda actor: services.decline_application(
                application_of(world, 1), reason="Vol.", actor=actor
            ),
        ),
    )
    assert sorted(answers) == ["conflict", "ok"]
    with use(SYSTEM):
        placed = Placement.objects.filter(student=world.berk.students[1]).exists()
    matched = answers[0] == "ok"
    assert placed == matched
    wanted = ApplicationState.ACCEPTED if matched else ApplicationState.DECLINED
    assert state_of(world.berk.applications[1]) == wanted
