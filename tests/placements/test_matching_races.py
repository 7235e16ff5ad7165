"""Two people at once, on committed rows: exactly one wins, and nothing is given twice."""

import pytest

from companies.models import Place
from placements import queries, services
from placements.enums import ApplicationState
from placements.models import Application, Placement, PlacementSettings, PlannedDay
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from stage.schools.models import Student
from tests.placements.helpers import WORDS, apply_to, mails, state_of
from tests.placements.test_application_services import second_place
from tests.races import at_once
from tests.world import let_be

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


def place_of(world) -> Place:
    """Whose last place it is about."""
    return world.berk.places[0]


def bram(world) -> Student:
    """The student whom two want."""
    return world.berk.students[1]


def used(world) -> int:
    with use(SYSTEM):
        return queries.used_places([world.berk.places[0].pk])[world.berk.places[0].pk]


def test_two_colleagues_accept_for_the_last_place(world):
    with use(SYSTEM):
        let_be(world.noord.supervisors[0], ["contact"])
    boss = world.company_actor(world.noord.contacts[0])
    colleague = world.company_actor(world.noord.supervisors[0])
    answers = at_once(
        (boss, accept(world, 1)), (colleague, accept(world, 2)), rows=[place_of(world)]
    )
    assert sorted(answers) == ["conflict", "ok"]
    assert used(world) == 2


def test_two_students_are_matched_to_the_last_place(world):
    actor = world.actor(world.berk.coordinator)
    answers = at_once((actor, match(world, 1)), (actor, match(world, 2)), rows=[place_of(world)])
    assert sorted(answers) == ["conflict", "ok"]
    assert used(world) == 2


def test_two_coordinators_match_the_same_student(world):
    actor = world.actor(world.berk.coordinator)
    answers = at_once((actor, match(world, 1)), (actor, match(world, 1)), rows=[bram(world)])
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
        rows=[bram(world)],
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
        rows=[bram(world)],
    )
    assert sorted(answers) == ["conflict", "ok"]
    with use(SYSTEM):
        placed = Placement.objects.filter(student=world.berk.students[1]).exists()
    matched = answers[0] == "ok"
    assert placed == matched
    wanted = ApplicationState.ACCEPTED if matched else ApplicationState.DECLINED
    assert state_of(world.berk.applications[1]) == wanted


@pytest.fixture
def two_companies(committed_world):
    """Bram wrote to the bakery and to the garage; both have one place."""
    with use(SYSTEM):
        committed_world.garage = apply_to(
            second_place(committed_world), committed_world.berk.students[1]
        )
    return committed_world


def say_yes(wish):
    return lambda actor: services.accept_application(
        Application.objects.get(pk=wish.pk), actor=actor
    )


def test_two_companies_say_yes_to_one_student(two_companies):
    world = two_companies
    wishes = (world.berk.applications[1], world.garage)
    actors = [world.company_actor(world.noord.contacts[n]) for n in (0, 1)]
    answers = at_once(
        *((a, say_yes(w)) for a, w in zip(actors, wishes, strict=True)), rows=[bram(world)]
    )
    assert sorted(answers) == ["conflict", "ok"]
    states = [state_of(w) for w in wishes]
    first = answers.index("ok")
    assert states[first] == ApplicationState.ACCEPTED
    assert states[1 - first] == ApplicationState.PARKED


def test_one_company_says_yes_while_the_student_withdraws_the_other(two_companies):
    world = two_companies
    answers = at_once(
        (world.company_actor(world.noord.contacts[0]), say_yes(world.berk.applications[1])),
        (
            world.actor(world.berk.logins[1]),
            lambda actor: services.withdraw_application(
                Application.objects.get(pk=world.garage.pk), actor=actor
            ),
        ),
        rows=[bram(world)],
    )
    # Whoever is first: the yes stands, and what the student took back stays so.
    assert answers == ["ok", "ok"]
    assert state_of(world.berk.applications[1]) == ApplicationState.ACCEPTED
    assert state_of(world.garage) == ApplicationState.WITHDRAWN


def test_a_yes_is_taken_back_while_another_takes_the_place_that_waited(two_companies):
    """Bram's rest at the garage comes back while its last place goes to Cem: never to both."""
    world = two_companies
    with use(SYSTEM):
        cem = apply_to(Place.objects.get(pk=world.garage.place_id), world.berk.students[2])
        Application.objects.filter(pk=world.berk.applications[1].pk).update(state="accepted")
        Application.objects.filter(pk=world.garage.pk).update(
            state="parked", submitted_at="2026-11-20T10:00:00Z"
        )
    garage = world.company_actor(world.noord.contacts[1])
    answers = at_once(
        (
            world.company_actor(world.noord.contacts[0]),
            lambda actor: services.decline_application(
                Application.objects.get(pk=world.berk.applications[1].pk),
                reason="Toch niet.",
                actor=actor,
            ),
        ),
        (garage, say_yes(cem)),
        rows=[bram(world), Place(pk=world.garage.place_id)],
    )
    assert answers == ["ok", "ok"]
    assert state_of(world.garage) in (ApplicationState.WITH_COMPANY, ApplicationState.DECLINED)
    with use(garage.scope), pytest.raises(Conflict):
        say_yes(world.garage)(garage)
    with use(SYSTEM):
        assert queries.used_places([world.garage.place_id]) == {world.garage.place_id: 1}


def test_a_student_who_sends_two_at_once_stays_within_the_limit(two_companies):
    world = two_companies
    with use(SYSTEM):
        PlacementSettings.objects.update(max_applications=1)
        for place in (world.berk.places[0].pk, world.garage.place_id):
            Place.objects.filter(pk=place).update(how_many=5)
    cem = world.berk.students[2]

    def send_to(place_id):
        return lambda actor: services.submit_application(
            Place.objects.get(pk=place_id),
            student=Student.objects.get(pk=cem.pk),
            motivation=WORDS,
            actor=actor,
        )

    actor = world.actor(world.berk.logins[2])
    both = ((actor, send_to(p)) for p in (world.berk.places[0].pk, world.garage.place_id))
    assert at_once(*both, rows=[cem]) == ["ok", "conflict"]
    with use(SYSTEM):
        assert Application.objects.filter(student=cem).count() == 1


def match_all(world, *numbers):
    """One press for all yeses, of these students."""

    def press(actor):
        wishes = [application_of(world, n) for n in numbers]
        outcome = services.match_accepted(wishes, actor=actor)
        if not outcome.placements:
            raise Conflict

    return press


@pytest.fixture
def yeses(world):
    """Room for three, and a yes for the two without a place."""
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=3)
        Application.objects.filter(
            student__in=world.berk.students[1:], place=world.berk.places[0]
        ).update(state=ApplicationState.ACCEPTED)
    return world


def placements_of(world) -> list[str]:
    with use(SYSTEM):
        rows = Placement.objects.filter(student__in=world.berk.students[1:])
        return sorted(p.student.first_name for p in rows.select_related("student"))


def test_two_coordinators_match_all_yeses(yeses):
    actor = yeses.actor(yeses.berk.coordinator)
    # In opposite order: who asks for the same rows never waits in a circle.
    answers = at_once(
        (actor, match_all(yeses, 1, 2)), (actor, match_all(yeses, 2, 1)), rows=[bram(yeses)]
    )
    assert sorted(answers) == ["conflict", "ok"]
    assert placements_of(yeses) == ["Bram", "Cem"]
    assert used(yeses) == 3
    with use(SYSTEM):
        days = PlannedDay.objects.filter(student__in=yeses.berk.students[1:])
        assert days.count() == 20
    assert len(mails("placement_made")) == 2


def test_one_match_and_all_yeses_at_once(yeses):
    actor = yeses.actor(yeses.berk.coordinator)
    answers = at_once(
        (actor, match(yeses, 2)), (actor, match_all(yeses, 1, 2)), rows=[place_of(yeses)]
    )
    assert answers[1] == "ok"
    assert placements_of(yeses) == ["Bram", "Cem"]
    assert used(yeses) == 3


def test_a_student_withdraws_while_all_yeses_are_matched(yeses):
    school, student = (
        yeses.actor(yeses.berk.coordinator),
        yeses.actor(yeses.berk.logins[1]),
    )

    def withdraw(actor):
        services.withdraw_application(application_of(yeses, 1), actor=actor)

    answers = at_once((school, match_all(yeses, 1, 2)), (student, withdraw), rows=[bram(yeses)])
    assert answers[0] == "ok"
    gone = answers[1] == "ok"
    assert placements_of(yeses) == (["Cem"] if gone else ["Bram", "Cem"])
    assert (state_of(application_of_system(yeses, 1)) == ApplicationState.WITHDRAWN) is gone


def application_of_system(world, n):
    with use(SYSTEM):
        return application_of(world, n)
