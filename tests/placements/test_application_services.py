"""Applying, deciding, expiring: what each does, what it refuses, who is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from companies.models import Place
from placements import queries, services
from placements.enums import UNANSWERED_DAYS, ApplicationState
from placements.models import Application, PlacementSettings, StudentCard
from stage.core.models import AuditEntry, School
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Student
from tests.placements.helpers import WORDS, apply_to, card_exists, mails, state_of
from tests.world import offered


def as_student(world, n=2, sw=None):
    sw = sw or world.berk
    return world.actor(sw.logins[n]), sw.students[n]


def send(world, place, n=2, words=WORDS):
    actor, student = as_student(world, n)
    with use(actor.scope):
        own = Student.objects.get(pk=student.pk)
        return services.submit_application(
            Place.objects.get(pk=place.pk), student=own, motivation=words, actor=actor
        )


def roomy(world, how_many=5):
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=how_many)
    return world.berk.places[0]


def second_place(world, how_many=1):
    """A place at the region's other company, in the same period."""
    with use(SYSTEM):
        return offered(
            world.berk.period,
            world.noord.companies[1],
            location=world.noord.locations[1],
            how_many=how_many,
            weekdays=[1, 2, 3],
        )


def test_sending_reaches_the_company_with_one_mail_and_a_card(world):
    application = send(world, roomy(world))
    assert state_of(application) == ApplicationState.WITH_COMPANY
    assert [m.person_id for m in mails("application_sent")] == [world.noord.contacts[0].pk]
    assert card_exists(world.berk.students[2], world.noord.companies[0])


def test_a_draft_is_kept_and_tells_nobody(world):
    actor, student = as_student(world)
    with use(actor.scope):
        own = Student.objects.get(pk=student.pk)
        place = Place.objects.get(pk=world.berk.places[0].pk)
        draft = services.save_draft(place, student=own, motivation="kort", actor=actor)
        again = services.save_draft(place, student=own, motivation="langer", actor=actor)
    assert (draft.pk, again.motivation, again.rank) == (again.pk, "langer", 1)
    assert mails("application_sent") == []
    assert not card_exists(student, world.noord.companies[0])


def test_sending_twice_is_refused(world):
    place = roomy(world)
    send(world, place)
    with pytest.raises(Conflict, match="al verstuurd"):
        send(world, place)
    assert len(mails("application_sent")) == 1


def test_the_schools_limit_holds(world):
    with use(SYSTEM):
        PlacementSettings.objects.filter(school=world.berk.school).update(max_applications=1)
    send(world, roomy(world))
    with pytest.raises(Conflict, match="meer mag niet"):
        send(world, second_place(world))


def test_a_full_place_takes_no_applications(world):
    # One placed, one accepted below: both places are taken.
    with use(SYSTEM):
        apply_to(second := world.berk.places[0], world.berk.students[2], ApplicationState.DRAFT)
        Application.objects.filter(pk=world.berk.applications[1].pk).update(state="accepted")
    with pytest.raises(Conflict, match="laatste plek"):
        send(world, second)


def test_a_placed_student_cannot_apply_in_that_period(world):
    with pytest.raises(Conflict, match="al een stageplek"):
        send(world, second_place(world), n=0)


def test_nobody_applies_for_another(world):
    actor, _own = as_student(world, 1)
    with use(SYSTEM):
        other = Student.objects.get(pk=world.berk.students[2].pk)
        place = world.berk.places[0]
    with use(actor.scope), pytest.raises(NotAllowed):
        services.submit_application(place, student=other, motivation=WORDS, actor=actor)


def test_a_place_of_another_school_is_refused(world):
    actor, student = as_student(world)
    with use(SYSTEM):
        foreign = Place.objects.select_related("period").get(pk=world.els.places[0].pk)
    with use(actor.scope), pytest.raises(Conflict):
        services.save_draft(foreign, student=student, motivation=WORDS, actor=actor)


def test_withdrawing_frees_the_place_and_takes_the_card_back(world):
    place = roomy(world)
    application = send(world, place)
    company = world.company_actor(world.noord.contacts[0])
    with use(company.scope):
        services.accept_application(Application.objects.get(pk=application.pk), actor=company)
    with use(SYSTEM):
        assert queries.used_places([place.pk]) == {place.pk: 2}
    actor, student = as_student(world)
    with use(actor.scope):
        services.withdraw_application(Application.objects.get(pk=application.pk), actor=actor)
    assert state_of(application) == ApplicationState.WITHDRAWN
    with use(SYSTEM):
        assert queries.used_places([place.pk]) == {place.pk: 1}
    assert not card_exists(student, world.noord.companies[0])
    assert len(mails("application_off")) == 1
    with use(SYSTEM):
        entry = AuditEntry.objects.get(verb="disclosure_revoked")
        card = StudentCard.objects.get(pk=entry.object_id)
    assert (entry.actor_id, entry.student_number) == (actor.id, student.pk)
    assert (card.company_id, card.revoked_at is None) == (world.noord.companies[0].pk, False)


def test_withdrawn_can_be_sent_again(world):
    place = roomy(world)
    first = send(world, place)
    actor, _student = as_student(world)
    with use(actor.scope):
        services.withdraw_application(first, actor=actor)
    assert send(world, place).pk == first.pk
    assert state_of(first) == ApplicationState.WITH_COMPANY


def test_the_placed_student_cannot_withdraw(world):
    actor, _student = as_student(world, 0)
    with use(actor.scope), pytest.raises(Conflict, match="geplaatst"):
        services.withdraw_application(
            Application.objects.get(pk=world.berk.applications[0].pk), actor=actor
        )


def test_moving_changes_the_order(world):
    first, second = send(world, roomy(world)), send(world, second_place(world))
    actor, student = as_student(world)
    with use(actor.scope):
        services.move_application(second, up=True, actor=actor)
        services.move_application(second, up=True, actor=actor)
        order = Application.objects.filter(student=student).order_by("rank")
        assert [(a.pk, a.rank) for a in order] == [(second.pk, 1), (first.pk, 2)]


def decide(world, application, verb, contact=None, **more):
    actor = world.company_actor(contact or world.noord.contacts[0])
    with use(actor.scope):
        row = Application.objects.get(pk=application.pk)
        getattr(services, f"{verb}_application")(row, actor=actor, **more)


def test_accepting_reserves_and_tells_the_student(world):
    decide(world, world.berk.applications[1], "accept")
    assert state_of(world.berk.applications[1]) == ApplicationState.ACCEPTED
    with use(SYSTEM):
        assert queries.used_places([world.berk.places[0].pk]) == {world.berk.places[0].pk: 2}
    assert [m.person_id for m in mails("application_answered")] == [world.berk.students[1].pk]


def test_accepting_without_a_free_place_changes_nothing(world):
    roomy(world, 1)
    with pytest.raises(Conflict, match="niets veranderd"):
        decide(world, world.berk.applications[1], "accept")
    assert state_of(world.berk.applications[1]) == ApplicationState.WITH_COMPANY
    assert mails("application_answered") == []


def test_a_company_may_change_its_mind_both_ways(world):
    application = world.berk.applications[1]
    decide(world, application, "accept")
    decide(world, application, "decline", reason="Toch niet.")
    assert state_of(application) == ApplicationState.DECLINED
    decide(world, application, "accept")
    assert state_of(application) == ApplicationState.ACCEPTED
    with use(SYSTEM):
        assert Application.objects.get(pk=application.pk).reason == ""


def test_after_the_match_the_company_cannot_decline(world):
    with pytest.raises(Conflict, match="Bel de school"):
        decide(world, world.berk.applications[0], "decline", reason="Nee.")
    assert state_of(world.berk.applications[0]) == ApplicationState.ACCEPTED


def test_another_company_may_not_decide(world):
    stranger = world.company_actor(world.noord.contacts[1])
    with use(SYSTEM):
        row = Application.objects.get(pk=world.berk.applications[1].pk)
    with use(stranger.scope), pytest.raises(NotAllowed):
        services.accept_application(row, actor=stranger)


def test_a_link_alone_may_not_decide(world):
    from dataclasses import replace

    scanner = replace(world.company_actor(world.noord.contacts[0]), proven=False)
    with use(scanner.scope), pytest.raises(NotAllowed):
        services.accept_application(
            Application.objects.get(pk=world.berk.applications[1].pk), actor=scanner
        )


@pytest.mark.parametrize(("late", "count"), [(timedelta(hours=1), 1), (timedelta(hours=-1), 0)])
def test_what_stays_unanswered_expires(world, late, count):
    now = timezone.now()
    with use(SYSTEM):
        Application.objects.filter(pk=world.berk.applications[1].pk).update(
            submitted_at=now - timedelta(days=UNANSWERED_DAYS) - late
        )
        school = School.objects.get(pk=world.berk.school.pk)
    with use(school_scope(school)):
        assert services.expire_applications(now=now, actor=job_at(school)) == count
    assert len(mails("application_answered")) == count
    # The company may still say yes, as long as the school has not matched.
    decide(world, world.berk.applications[1], "accept")
