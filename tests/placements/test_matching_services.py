"""Matching and undoing it, the days, the brief, the calendar."""

from datetime import date, time

import pytest

from companies.models import Place, PollDay
from placements import queries, services
from placements.agreements.models import Agreement, Signature
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement, PlannedDay
from stage.core.models import AuditEntry, School
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Student
from tests.placements.helpers import apply_to, card_exists, mails, state_of
from tests.placements.test_application_services import decide, roomy, second_place


def match(world, n=1, place=None, **people):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        return services.match(
            Student.objects.get(pk=world.berk.students[n].pk),
            Place.objects.get(pk=(place or world.berk.places[0]).pk),
            actor=actor,
            **people,
        )


def unmatch(world, placement, **choice):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.unmatch(Placement.objects.get(pk=placement.pk), actor=actor, **choice)


def test_a_match_makes_the_placement_and_its_days(world):
    placement = match(world, teacher=world.berk.teacher)
    with use(SYSTEM):
        days = list(PlannedDay.objects.filter(placement=placement))
    assert [d.date for d in days] == [
        date(2027, 1, n) for n in (11, 12, 13, 14, 15, *range(18, 23))
    ]
    assert days[0].minutes == 6 * 60 + 30
    assert placement.supervisor == world.noord.supervisors[0]
    assert placement.teacher == world.berk.teacher
    assert state_of(world.berk.applications[1]) == ApplicationState.ACCEPTED
    assert [m.person_id for m in mails("placement_made")] == [world.berk.students[1].pk]
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="placement_made", object_id=placement.pk).exists()


def test_days_keep_the_hours_of_the_place(world):
    """The bakery begins early; the agreement and the days say so."""
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(day_from="06:00", day_to="12:30")
    placement = match(world)
    assert (placement.day_from, placement.day_to) == (time(6), time(12, 30))
    with use(SYSTEM):
        days = PlannedDay.objects.filter(placement=placement)
        assert {(d.day_from, d.day_to, d.minutes) for d in days} == {(time(6), time(12, 30), 360)}


def test_days_are_those_of_the_place_without_what_the_company_cannot(world):
    with use(SYSTEM):
        place = Place.objects.get(pk=world.berk.places[0].pk)
        Place.objects.filter(pk=place.pk).update(weekdays=[1, 2])
        PollDay.objects.create(
            school=world.berk.school,
            region=world.noord.region,
            company=place.company,
            invitation=place.invitation,
            date=date(2027, 1, 11),
            available=False,
        )
    placement = match(world)
    with use(SYSTEM):
        dates = list(PlannedDay.objects.filter(placement=placement).values_list("date", flat=True))
    assert dates == [date(2027, 1, 12), date(2027, 1, 18), date(2027, 1, 19)]
    assert (placement.starts, placement.ends, placement.weekdays) == (
        dates[0],
        dates[-1],
        [1, 2],
    )


def test_a_match_closes_the_others_and_frees_what_they_held(world):
    other = second_place(world)
    with use(SYSTEM):
        wish = apply_to(other, world.berk.students[1])
    decide(world, wish, "accept", contact=world.noord.contacts[1])
    with use(SYSTEM):
        assert queries.used_places([other.pk]) == {other.pk: 1}
    match(world)
    assert state_of(wish) == ApplicationState.CLOSED
    with use(SYSTEM):
        assert queries.used_places([other.pk]) == {}
    assert not card_exists(world.berk.students[1], world.noord.companies[1])
    assert len(mails("application_off")) == 1


def test_a_company_that_said_no_forgets_the_student_after_the_match(world):
    other = second_place(world)
    with use(SYSTEM):
        wish = apply_to(other, world.berk.students[1], ApplicationState.DECLINED)
        from placements.services.disclosure import disclose

        disclose(
            world.berk.students[1], other.company_id, actor=world.actor(world.berk.coordinator)
        )
    match(world)
    assert state_of(wish) == ApplicationState.DECLINED
    assert not card_exists(world.berk.students[1], world.noord.companies[1])
    assert card_exists(world.berk.students[1], world.noord.companies[0])


def test_a_placed_student_is_not_placed_again(world):
    with pytest.raises(Conflict, match="al geplaatst bij Bakkerij Noord"):
        match(world, 0, second_place(world))


def test_a_full_place_is_not_given(world):
    roomy(world, 1)
    with pytest.raises(Conflict, match="geen plek"):
        match(world)


def test_a_kept_place_goes_to_whom_it_was_kept_for(world):
    decide(world, world.berk.applications[1], "accept")
    with pytest.raises(Conflict, match="geen plek"):
        match(world, 2)
    assert match(world, 1).state == PlacementState.CONCEPT


def test_a_no_of_the_company_stands(world):
    decide(world, world.berk.applications[1], "decline", reason="Nee.")
    with pytest.raises(Conflict, match="nee gezegd"):
        match(world)


def test_days_that_overlap_another_placement_are_refused(world):
    place = roomy(world)
    with use(SYSTEM):
        PlannedDay.objects.create(
            school=world.berk.school,
            student=world.berk.students[1],
            company=world.noord.companies[1],
            placement=Placement.objects.create(
                school=world.berk.school,
                student=world.berk.students[1],
                company=world.noord.companies[1],
                period=other_period(world),
                starts=date(2027, 1, 14),
                ends=date(2027, 1, 14),
                weekdays=[4],
                day_from="09:00",
                day_to="12:00",
            ),
            date=date(2027, 1, 14),
            day_from="09:00",
            day_to="12:00",
            break_minutes=0,
        )
    with pytest.raises(Conflict, match="do 14 januari 2027 is deze leerling al bij Garage"):
        match(world, 1, place)
    with use(SYSTEM):
        assert PlannedDay.objects.filter(student=world.berk.students[1]).count() == 1


def other_period(world):
    from stage.schools.models import Period

    old = world.berk.period
    return Period.objects.create(
        school=world.berk.school,
        name="Lint",
        kind="weekdays",
        starts=old.starts,
        ends=old.ends,
        weekdays=[4],
        day_from=old.day_from,
        day_to=old.day_to,
    )


def test_only_the_coordinator_matches(world):
    actor = world.actor(world.berk.teacher)
    with use(actor.scope), pytest.raises(NotAllowed):
        services.match(world.berk.students[1], world.berk.places[0], actor=actor)


def test_a_teacher_of_another_school_cannot_guide(world):
    with pytest.raises(Conflict, match="werkt niet"):
        match(world, teacher=world.els.teacher)


def test_undoing_a_match_gives_everything_back(world):
    other = second_place(world)
    with use(SYSTEM):
        wish = apply_to(other, world.berk.students[1], submitted_at="2026-11-01T10:00:00Z")
        draft = apply_to(world.berk.places[0], world.berk.students[2], ApplicationState.DRAFT)
    placement = match(world)
    unmatch(world, placement, free=True)
    assert state_of(wish) == ApplicationState.WITH_COMPANY
    assert state_of(draft) == ApplicationState.DRAFT
    with use(SYSTEM):
        assert not PlannedDay.objects.filter(placement=placement).exists()
        assert Placement.objects.get(pk=placement.pk).state == PlacementState.CANCELLED
    assert card_exists(world.berk.students[1], world.noord.companies[1])
    assert match(world).pk != placement.pk


def test_what_is_signed_is_not_undone(world):
    placement = match(world)
    with use(SYSTEM):
        about = {
            "school": world.berk.school,
            "student": world.berk.students[1],
            "company": world.noord.companies[0],
        }
        agreement = Agreement.objects.create(**about, placement=placement)
        Signature.objects.create(
            **about,
            agreement=agreement,
            party="student",
            person_kind="student",
            person_id=1,
            name="Bram",
            whole_hash="x",
            method="login",
            statement="Akkoord",
            at="2026-12-01T10:00:00Z",
        )
    with pytest.raises(Conflict, match="al getekend"):
        unmatch(world, placement)


def test_assigning_checks_where_people_work(world):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        placement = Placement.objects.get(pk=world.berk.placement.pk)
        keep = {"supervisor": world.noord.supervisors[0], "actor": actor}
        assert services.assign(placement, teacher=world.berk.colleague, **keep)
        assert not services.assign(placement, teacher=world.berk.colleague, **keep)
        with pytest.raises(Conflict, match="bij dit bedrijf"):
            services.assign(
                placement,
                teacher=world.berk.teacher,
                supervisor=world.noord.supervisors[1],
                actor=actor,
            )


def test_the_brief_goes_to_contact_and_supervisor_once_each(world):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        placement = Placement.objects.get(pk=world.berk.placement.pk)
        assert services.send_briefs([placement], actor=actor) == 2
    people = {m.person_id for m in mails("placement_brief")}
    assert people == {world.noord.contacts[0].pk, world.noord.supervisors[0].pk}
    with use(SYSTEM):
        assert Placement.objects.get(pk=placement.pk).briefed_at is not None


@pytest.mark.parametrize(
    ("state", "today", "after"),
    [
        ("signed", date(2027, 1, 10), "signed"),
        ("signed", date(2027, 1, 11), "running"),
        ("running", date(2027, 1, 22), "running"),
        ("running", date(2027, 1, 23), "finished"),
        ("signed", date(2027, 1, 23), "finished"),
        ("concept", date(2027, 1, 23), "concept"),
    ],
)
def test_placements_follow_the_calendar(world, state, today, after):
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(state=state)
        school = School.objects.get(pk=world.berk.school.pk)
    with use(school_scope(school)):
        services.advance_placements(today=today, actor=job_at(school))
    with use(SYSTEM):
        assert Placement.objects.get(pk=world.berk.placement.pk).state == after
        # Another school's placements stay.
        assert Placement.objects.get(pk=world.els.placement.pk).state == "running"


def test_used_places_count_an_accepted_student_once(world):
    with use(SYSTEM):
        assert queries.used_places([world.berk.places[0].pk]) == {world.berk.places[0].pk: 1}
        assert Application.objects.filter(state="accepted", place=world.berk.places[0]).count() == 1
