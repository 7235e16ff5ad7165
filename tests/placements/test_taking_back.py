"""Two minutes to take a press back: nobody is mailed, and everything is as it was."""

from datetime import date

import pytest
from django.urls import reverse

from placements import services
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement, PlacementChange, PlannedDay
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from tests.clients import client_of
from tests.placements.changes import current, rows_of, undo
from tests.placements.helpers import state_of
from tests.placements.taking_back import later, sent, waiting
from tests.placements.test_after_yes import withdraw
from tests.placements.test_application_services import decide
from tests.placements.test_matching_services import match, unmatch
from tests.races import at_once


def take_up(world, wish) -> None:
    actor = world.actor(world.berk.logins[1])
    with use(actor.scope):
        services.take_up_application(Application.objects.get(pk=wish.pk), actor=actor)


def last_unmatch(placement) -> PlacementChange:
    with use(SYSTEM):
        return PlacementChange.objects.get(placement=placement, kind="unmatch")


def test_a_match_taken_back_at_once_mails_nobody(two, settings):
    placement = match(two)
    assert {event for event, _kind, _who in waiting()} == {"placement_made", "application_closed"}
    unmatch(two, placement)
    assert waiting() == []
    assert sent(settings) == []
    assert current(placement).state == PlacementState.CANCELLED
    assert state_of(two.garage) != ApplicationState.CLOSED


def test_a_match_is_told_after_two_minutes_and_its_undoing_then_too(two, settings):
    student = two.berk.students[1]
    placement = match(two)
    assert sent(settings, seconds=110) == []
    assert len([to for to, _text in sent(settings) if to == student.email]) == 1
    with later():
        unmatch(two, placement)
        assert ("placement_undone", "student", student.pk) in waiting()


def test_matched_again_after_a_mistake_everybody_hears_it_once(two, settings):
    unmatch(two, match(two))
    match(two)
    told = [to for to, _text in sent(settings)]
    assert sorted(told) == sorted({*told})
    assert two.berk.students[1].email in told
    assert two.noord.contacts[1].email in told  # the garage: the student goes elsewhere


def test_an_unmatch_is_undone_with_its_days_and_people(two, settings):
    placement = match(two, teacher=two.berk.teacher)
    before = rows_of(placement)
    sent(settings)
    with later(minutes=10):
        unmatch(two, placement, free=True)
        assert rows_of(placement) == []
        undo(two, last_unmatch(placement))
        assert waiting() == []
    after = current(placement)
    assert (after.state, after.teacher_id) == (PlacementState.CONCEPT, two.berk.teacher.pk)
    assert rows_of(placement) == before
    assert state_of(two.bakery) == ApplicationState.ACCEPTED
    assert state_of(two.garage) == ApplicationState.CLOSED
    assert sent(settings, minutes=20) == []


def test_an_unmatch_is_not_undone_when_the_place_was_given_away(two, settings):
    with use(SYSTEM):
        two.berk.places[0].how_many = 2  # one is taken by the first student
    placement = match(two)
    sent(settings)
    with later(minutes=10):
        unmatch(two, placement, free=True)
        match(two, 2)
        with pytest.raises(Conflict, match="vergeven"):
            undo(two, last_unmatch(placement))
    assert current(placement).state == PlacementState.CANCELLED
    with use(SYSTEM):
        assert not PlannedDay.objects.filter(placement=placement).exists()


def test_all_yeses_in_one_press_are_taken_back_in_one(two):
    decide(two, two.bakery, "accept")
    client = client_of(two.berk.coordinator)
    url = reverse("placements:match_accepted", args=[two.berk.group.public_id])
    board = client.post(url, {"application": two.bakery.public_id}, follow=True)
    with use(SYSTEM):
        made = Placement.objects.get(student=two.berk.students[1])
    undo_url = f"{reverse('placements:matches_undo')}?row={made.public_id}"
    assert f'action="{undo_url}"' in board.content.decode()
    page = client.post(undo_url, follow=True).content.decode()
    assert "1 leerling losgemaakt. Niemand heeft bericht gekregen." in page
    assert current(made).state == PlacementState.CANCELLED
    assert [m for m in waiting() if m[0] == "placement_made"] == []
    assert "Ongedaan maken kan niet meer" in client.post(undo_url, follow=True).content.decode()


def test_of_an_answer_that_changes_at_once_only_the_last_is_told(two, settings):
    decide(two, two.bakery, "accept")
    decide(two, two.bakery, "decline", reason="Toch niet.")
    mails = sent(settings)
    # The garage never heard that it rested, so it does not hear that it goes on either.
    assert [to for to, _text in mails] == [two.berk.students[1].email]
    assert "zegt nee" in mails[0][1]
    assert state_of(two.garage) == ApplicationState.WITH_COMPANY


def test_yes_no_and_yes_again_is_one_yes(two, settings):
    for answer in ("accept", "decline", "accept"):
        decide(two, two.bakery, answer, **({"reason": "Nee."} if answer == "decline" else {}))
    told = dict(sent(settings))
    assert set(told) == {two.berk.students[1].email, two.noord.contacts[1].email}
    assert "wacht nu op een ander bedrijf" in told[two.noord.contacts[1].email]


@pytest.mark.parametrize("said_yes", [True, False])
def test_a_student_takes_the_withdrawing_back(two, settings, said_yes):
    if said_yes:
        decide(two, two.bakery, "accept")
        sent(settings)
    before = state_of(two.bakery), state_of(two.garage)
    with later(minutes=10):
        withdraw(two, two.bakery)
        assert state_of(two.bakery) == ApplicationState.WITHDRAWN
        take_up(two, two.bakery)
    assert (state_of(two.bakery), state_of(two.garage)) == before
    assert sent(settings, minutes=20) == []


def test_a_withdrawn_application_is_told_of_after_two_minutes(two, settings):
    decide(two, two.bakery, "accept")
    sent(settings)
    with later(minutes=10):
        withdraw(two, two.bakery)
    told = [to for to, _text in sent(settings, minutes=20)]
    assert two.noord.contacts[0].email in told
    with later(minutes=20), pytest.raises(Conflict, match="kan niet meer"):
        take_up(two, two.bakery)


def test_the_page_offers_the_way_back_as_long_as_there_is_one(two):
    client = client_of(two.berk.logins[1])
    url = reverse("placements:application_take_up", args=[two.bakery.public_id])
    withdraw(two, two.bakery)
    listed = reverse("placements:application_list")
    assert url in client.get(listed).content.decode()
    with later():
        assert url not in client.get(listed).content.decode()
    assert "staat weer zoals die stond" in client.post(url, follow=True).content.decode()
    assert state_of(two.bakery) == ApplicationState.WITH_COMPANY


def test_a_fresh_match_is_taken_back_on_its_own_page(two):
    placement = match(two)
    client = client_of(two.berk.coordinator)
    url = reverse("placements:placement_show", args=[placement.public_id])
    assert "Nog niemand heeft bericht" in client.get(url).content.decode()
    with later():
        assert "Nog niemand heeft bericht" not in client.get(url).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_match_back_do_it_once(committed_world, settings):
    world = committed_world
    placement = match(world)
    boss = world.actor(world.berk.coordinator)

    def back(actor):
        services.unmatch(Placement.objects.get(pk=placement.pk), actor=actor)

    assert sorted(at_once((boss, back), (boss, back), rows=[placement.student])) == [
        "conflict",
        "ok",
    ]
    assert sent(settings) == []


@pytest.mark.django_db(transaction=True)
def test_one_undoes_an_unmatch_while_another_gives_the_last_place(committed_world, settings):
    world = committed_world
    placement = match(world)
    sent(settings)
    boss = world.actor(world.berk.coordinator)
    with later(minutes=10):
        unmatch(world, placement, free=True)
        row = last_unmatch(placement)
        with use(SYSTEM):
            place, third = world.berk.places[0], world.berk.students[2]

        def back(actor):
            services.undo_change(PlacementChange.objects.get(pk=row.pk), actor=actor)

        def give(actor):
            services.match(third, place, actor=actor)

        assert sorted(at_once((boss, back), (boss, give), rows=[place])) == ["conflict", "ok"]
    with use(SYSTEM):
        assert Placement.objects.live().filter(place=place).count() == 2
        assert (
            PlannedDay.objects.filter(date=date(2027, 1, 11), placement__place=place).count() == 2
        )
