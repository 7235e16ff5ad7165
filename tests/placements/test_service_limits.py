"""Limits of applying as the services hold them, whatever the form lets through: at it, and past."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from companies.models import Place
from placements import services
from placements.enums import MOST_QUESTIONS, UNANSWERED_DAYS, ApplicationState
from placements.models import Application, PlacementSettings
from placements.services import matching
from stage.core import mail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict
from tests.placements.helpers import apply_to, state_of
from tests.placements.test_application_services import decide, roomy, second_place, send
from tests.placements.test_matching_services import match

NOW = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(("most", "fits"), [(2, True), (1, False)])
def test_applications_up_to_the_limit_of_the_school(world, most, fits):
    with use(SYSTEM):
        PlacementSettings.objects.filter(school=world.berk.school).update(max_applications=most)
    send(world, roomy(world))
    if fits:
        assert state_of(send(world, second_place(world))) == ApplicationState.WITH_COMPANY
    else:
        with pytest.raises(Conflict, match="meer mag niet"):
            send(world, second_place(world))


@pytest.mark.parametrize(("how_many", "fits"), [(2, True), (1, False)])
def test_a_yes_up_to_the_number_of_places(world, how_many, fits):
    """One of Berk's students has a placement here already."""
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=how_many)
    wish = world.berk.applications[1]
    if fits:
        decide(world, wish, "accept")
    else:
        with pytest.raises(Conflict, match="al vergeven"):
            decide(world, wish, "accept")
    assert state_of(wish) == ("accepted" if fits else "with_company")


def test_questions_up_to_the_number_that_may_be_open(world):
    company = world.company_actor(world.noord.contacts[0])

    def ask(n):
        wish = Application.objects.get(pk=world.berk.applications[1].pk)
        services.ask_question(wish, text=f"Vraag {n}", put_to="school", actor=company)

    with use(company.scope):
        for n in range(MOST_QUESTIONS):
            ask(n)
        with pytest.raises(Conflict, match="vijf vragen"):
            ask(MOST_QUESTIONS)


@pytest.mark.parametrize(("late", "count"), [(timedelta(0), 0), (MOMENT, 1)])
def test_the_last_moment_to_answer_is_the_end_of_the_fourteenth_day(world, late, count):
    with use(SYSTEM):
        sent = NOW - timedelta(days=UNANSWERED_DAYS) - late
        Application.objects.filter(pk=world.berk.applications[1].pk).update(submitted_at=sent)
    with use(school_scope(world.berk.school)):
        assert services.expire_applications(now=NOW, actor=job_at(world.berk.school)) == count


@pytest.mark.parametrize(("early", "fresh"), [(MOMENT, True), (timedelta(0), False)])
def test_a_match_is_fresh_until_its_mails_may_leave(world, early, fresh):
    with time_machine.travel(NOW, tick=False):
        placement = match(world)
    with time_machine.travel(placement.created_at + mail.undo_for() - early, tick=False):
        assert matching.is_fresh(placement) is fresh


@pytest.mark.parametrize(("how_many", "fits"), [(2, True), (1, False)])
def test_a_place_takes_applications_while_one_is_left(world, how_many, fits):
    with use(SYSTEM):
        place = second_place(world, how_many=how_many)
        apply_to(place, world.berk.students[1], ApplicationState.ACCEPTED)
    if fits:
        send(world, place)
    else:
        with pytest.raises(Conflict, match="laatste plek"):
            send(world, place)
