"""What placements say of who guides whom stands in `Guides`, after each service that touches it."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from companies.models import Place
from placements import services
from placements.agreements.services import starting
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.models import School
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict
from stage.schools.models import Guides, Student
from stage.schools.services import people
from tests.clients import client_of

OVER = PlacementState.FINISHED


def assert_guides_say_what_placements_say() -> None:
    """The one assertion: rows of teachers, counted from the placements by hand."""
    with use(SYSTEM):
        wanted = {
            (
                p.school_id,
                p.student_id,
                p.teacher_id,
                p.pk,
                p.ends if p.state == OVER else None,
            )
            for p in Placement.objects.all()
            if p.teacher_id and p.state != PlacementState.CANCELLED
        }
        rows = Guides.objects.filter(source="placement", kind="teacher")
        found = [(g.school_id, g.student_id, g.who_id, g.number, g.until) for g in rows]
    assert len(found) == len(set(found))
    assert set(found) == wanted


def as_coordinator(world, act):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        return act(actor)


def match(world, n: int, **people_) -> Placement:
    return as_coordinator(
        world,
        lambda actor: services.match(
            Student.objects.get(pk=world.berk.students[n].pk),
            Place.objects.get(pk=world.berk.places[0].pk),
            actor=actor,
            **people_,
        ),
    )


def fresh(placement: Placement) -> Placement:
    return Placement.objects.get(pk=placement.pk)


def reaches(world, membership, placement) -> bool:
    actor = world.actor(membership)
    with use(actor.scope):
        return Placement.objects.visible_to(actor).filter(pk=placement.pk).exists()


@pytest.fixture(autouse=True)
def nobody_is_mentor(world):
    """What is judged here is what placements write."""
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=5)
        Student.objects.filter(school=world.berk.school).update(mentor=None)
    yield
    assert_guides_say_what_placements_say()


def test_a_match_and_its_undoing(world):
    placement = match(world, 1, teacher=world.berk.colleague)
    assert_guides_say_what_placements_say()
    assert reaches(world, world.berk.colleague, placement)
    as_coordinator(world, lambda actor: services.unmatch(fresh(placement), actor=actor))
    assert_guides_say_what_placements_say()
    assert not reaches(world, world.berk.colleague, placement)


def test_a_match_without_a_teacher_is_guided_by_nobody(world):
    placement = match(world, 1)
    with use(SYSTEM):
        assert not Guides.objects.filter(number=placement.pk).exists()


def test_another_teacher_and_none(world):
    berk = world.berk
    assert reaches(world, berk.teacher, berk.placement)
    for teacher in (berk.colleague, None, berk.teacher):
        as_coordinator(
            world,
            lambda actor, who=teacher: services.assign(
                fresh(berk.placement), teacher=who, supervisor=None, actor=actor
            ),
        )
        assert_guides_say_what_placements_say()
        assert reaches(world, berk.teacher, berk.placement) == (teacher == berk.teacher)
        assert reaches(world, berk.colleague, berk.placement) == (teacher == berk.colleague)


def test_the_agreement_begins_and_the_calendar_goes_on(world):
    placement = match(world, 1, teacher=world.berk.teacher)
    as_coordinator(world, lambda actor: starting.start_agreements([fresh(placement)], actor=actor))
    assert_guides_say_what_placements_say()
    with use(SYSTEM):
        Placement.objects.filter(pk=placement.pk).update(state=PlacementState.SIGNED)
        school = School.objects.get(pk=world.berk.school.pk)
    for today in (date(2027, 1, 12), date(2027, 1, 23)):
        with use(school_scope(school)):
            services.advance_placements(today=today, actor=job_at(school))
        assert_guides_say_what_placements_say()
    with use(SYSTEM):
        assert fresh(placement).state == PlacementState.FINISHED
    # Whoever guided it reads on: for the mark, and for questions afterwards.
    assert reaches(world, world.berk.teacher, placement)


def test_who_leaves_hands_over_what_is_not_over(world):
    berk = world.berk
    open_one = match(world, 1, teacher=berk.teacher)
    undone = match(world, 2, teacher=berk.teacher)
    as_coordinator(world, lambda actor: services.unmatch(fresh(undone), actor=actor))
    with use(SYSTEM):
        school = School.objects.get(pk=berk.school.pk)
    with use(school_scope(school)):
        services.advance_placements(today=date(2027, 1, 23), actor=job_at(school))
    moved = as_coordinator(
        world, lambda actor: people.end_staff(berk.teacher, to=berk.colleague, actor=actor)
    )
    assert_guides_say_what_placements_say()
    with use(SYSTEM):
        assert fresh(open_one).teacher == berk.colleague
        assert fresh(berk.placement).state == PlacementState.FINISHED
        assert fresh(berk.placement).teacher == berk.teacher
        assert fresh(undone).teacher == berk.teacher
    assert moved == 1
    assert reaches(world, berk.colleague, open_one)
    assert not reaches(world, berk.colleague, berk.placement)


def test_who_guides_without_being_mentor_needs_a_successor(world):
    berk = world.berk
    page = client_of(berk.coordinator).get(
        reverse("schools:staff_end", args=[berk.teacher.public_id])
    )
    assert "0 leerlingen en 1 stages" in page.content.decode()
    with pytest.raises(Conflict, match="wie het werk overneemt"):
        as_coordinator(world, lambda actor: people.end_staff(berk.teacher, actor=actor))
    with use(SYSTEM):
        berk.teacher.refresh_from_db()
        school = School.objects.get(pk=berk.school.pk)
    assert berk.teacher.ended_at is None
    with use(school_scope(school)):
        services.advance_placements(today=date(2027, 1, 23), actor=job_at(school))
    # What is over asks for nobody.
    with time_machine.travel(datetime(2027, 1, 23, 9, tzinfo=UTC)):
        as_coordinator(world, lambda actor: people.end_staff(berk.teacher, actor=actor))
    with use(SYSTEM):
        berk.teacher.refresh_from_db()
        assert fresh(berk.placement).teacher == berk.teacher
    assert berk.teacher.ended_at is not None
