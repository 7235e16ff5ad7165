"""What a company offers, and the share of it that is one school's."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from companies import identity
from companies.enums import PlaceState
from companies.models import Invitation, Offer, Place
from companies.services import answer_invitation, offers
from companies.services.answers import Reply, version_of
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.policies import Conflict, NotAllowed
from tests.companies.conftest import invitation_of, sent_campaign
from tests.world import offered


@pytest.fixture
def asked(world) -> Invitation:
    """The garage, asked by Berk, not answered."""
    return invitation_of(sent_campaign(world, world.berk), world.noord.companies[1])


@pytest.fixture
def garage(world):
    """The contact of the garage."""
    return world.company_actor(world.noord.contacts[1])


def reply(actor, invitation, answer="yes", **values) -> None:
    with use(actor.scope):
        row = Invitation.objects.get(pk=invitation.pk)
        answer_invitation(row, Reply(answer, version_of(row), **values), actor=actor)


def of(invitation) -> tuple[Offer, Place]:
    with use(SYSTEM):
        place = Place.objects.select_related("offer").get(invitation=invitation)
        return place.offer, place


def terms(period, how_many: int, **values) -> offers.Terms:
    return offers.Terms(period.starts, period.ends, how_many, **values)


# --- an answer --------------------------------------------------------------------------------


def test_a_yes_makes_an_offer_that_is_all_the_schools(world, asked, garage):
    reply(garage, asked, how_many=3, weekdays=[1, 2], tasks="Banden wisselen")
    offer, place = of(asked)
    assert (offer.how_many, place.how_many) == (3, 3)
    assert (place.weekdays, offer.tasks) == ([1, 2], "Banden wisselen")
    assert (offer.starts, offer.ends) == (asked.period.starts, asked.period.ends)
    assert offer.location_id == world.noord.locations[1].pk
    assert (place.region_id, place.company_id) == (offer.region_id, offer.company_id)


def test_another_yes_changes_the_offer_and_the_place_together(world, asked, garage):
    reply(garage, asked, how_many=3, weekdays=[1, 2], tasks="Banden wisselen")
    before = of(asked)
    reply(garage, asked, how_many=1, weekdays=[5], tasks="Olie verversen")
    offer, place = of(asked)
    assert (offer, place) == before
    assert (offer.how_many, place.how_many) == (1, 1)
    assert (place.weekdays, offer.tasks) == ([5], "Olie verversen")
    with use(SYSTEM):
        told = AuditEntry.objects.get(verb="place_changed", object_id=place.pk)
    assert told.fields == ["how_many", "state", "tasks", "weekdays"]


def test_a_no_takes_the_place_back_and_a_yes_gives_the_same_again(asked, garage):
    reply(garage, asked, how_many=3, weekdays=[1])
    before = of(asked)
    reply(garage, asked, "no", no_reason="full")
    offer, place = of(asked)
    assert place.state == PlaceState.WITHDRAWN
    assert (offer.how_many, place.how_many) == (3, 3)
    reply(garage, asked, how_many=2, weekdays=[1])
    assert of(asked) == before
    assert of(asked)[1].state == PlaceState.OPEN


def test_a_refused_answer_leaves_offer_and_place_as_they_were(world):
    """Aya and Bram count on the bakery's two places; one is too few."""
    baker, place = world.company_actor(world.noord.contacts[0]), world.berk.places[0]
    with use(SYSTEM):
        type(world.berk.applications[1]).objects.filter(place=place).update(state="accepted")
    with pytest.raises(Conflict, match="rekenen al 2"):
        reply(baker, place.invitation, how_many=1, weekdays=[1], tasks="Iets anders")
    offer, _place = of(place.invitation)
    assert (offer.how_many, offer.tasks) == (2, "Brood bakken")


# --- shares -----------------------------------------------------------------------------------


@pytest.fixture
def shared(world, garage, asked):
    """Three places at the garage: one is Berk's in answer to a letter, one in another period."""
    reply(garage, asked, how_many=1, weekdays=[1])
    offer, place = of(asked)
    with use(SYSTEM):
        Offer.objects.filter(pk=offer.pk).update(how_many=3)
        other = Place.objects.create(
            school=world.berk.school,
            region=world.noord.region,
            company_id=offer.company_id,
            offer=offer,
            period=world.berk.period,
            how_many=1,
        )
    return place, other


def change(actor, place, how_many: int) -> None:
    with use(actor.scope), transaction.atomic():
        row = Place.objects.select_related("period", "offer__location").get(pk=place.pk)
        wanted = terms(row.period, how_many, location=row.offer.location)
        offers.change_offer(row, wanted, actor=actor)


@pytest.mark.parametrize(("how_many", "in_all"), [(2, 3), (3, 4), (9, 10)])
def test_a_share_that_grows_takes_what_is_to_spare_first(asked, garage, shared, how_many, in_all):
    place, _other = shared
    change(garage, place, how_many=how_many)
    offer, place = of(asked)
    assert (offer.how_many, place.how_many) == (in_all, how_many)


def test_a_share_that_was_taken_back_counts_no_more(asked, garage, shared):
    place, other = shared
    with use(SYSTEM):
        Place.objects.filter(pk=other.pk).update(state=PlaceState.WITHDRAWN)
    change(garage, place, how_many=2)
    offer, place = of(asked)
    assert (offer.how_many, place.how_many) == (2, 2)


# --- one offer, several questions --------------------------------------------------------------


def ask_of(world, sw, company) -> Invitation:
    return invitation_of(sent_campaign(world, sw), company)


def test_a_second_schools_question_lets_the_same_offer_grow(world, asked, garage):
    reply(garage, asked, how_many=2, weekdays=[1], tasks="Banden wisselen")
    theirs = ask_of(world, world.els, world.noord.companies[1])
    garage = world.company_actor(world.noord.contacts[1])
    reply(garage, theirs, how_many=1, weekdays=[2], tasks=None)
    (offer, mine), (same, other) = of(asked), of(theirs)
    assert offer == same
    assert (offer.how_many, mine.how_many, other.how_many) == (3, 2, 1)
    assert (mine.weekdays, other.weekdays) == ([1], [2])
    assert offer.tasks == "Banden wisselen"
    with use(SYSTEM):
        assert Offer.objects.filter(company=world.noord.companies[1]).count() == 1


def by_link(invitation, contact):
    with use(SYSTEM):
        return identity.actor_of_link(contact, invitation)


def test_a_link_alone_changes_no_words_that_another_school_shares(world, asked, garage):
    """Whatever it sends: the work reads the same for the students of both schools."""
    theirs = ask_of(world, world.els, world.noord.companies[1])
    garage = world.company_actor(world.noord.contacts[1])
    reply(garage, theirs, how_many=1, weekdays=[2], tasks="Banden wisselen")
    stranger = by_link(asked, world.noord.contacts[1])
    reply(stranger, asked, how_many=2, weekdays=[1], tasks="Alles is anders")
    assert of(asked)[0].tasks == "Banden wisselen"
    reply(stranger, asked, how_many=3, weekdays=[1], tasks="Alles is anders")
    offer, place = of(asked)
    assert (offer.tasks, offer.how_many, place.how_many) == ("Banden wisselen", 4, 3)
    with use(SYSTEM):
        told = AuditEntry.objects.get(verb="place_changed", object_id=place.pk)
    assert "tasks" not in told.fields
    reply(garage, theirs, "no", no_reason="full")
    reply(stranger, asked, how_many=3, weekdays=[1], tasks="Nu van ons alleen")
    assert of(asked)[0].tasks == "Nu van ons alleen"


# --- who may ----------------------------------------------------------------------------------


def test_only_who_may_answer_offers_changes_and_withdraws(world, asked, garage):
    reply(garage, asked, how_many=1, weekdays=[1])
    _offer, place = of(asked)
    wanted = terms(world.berk.period, 2)
    strangers = [
        world.company_actor(world.noord.contacts[0]),
        world.company_actor(world.noord.supervisors[1]),
        world.actor(world.els.coordinator),
        world.actor(world.berk.logins[0]),
    ]
    for actor in strangers:
        with use(SYSTEM):
            fresh = Place.objects.select_related("invitation").get(pk=place.pk)
        with use(actor.scope):
            with pytest.raises(NotAllowed):
                offers.make_offer(asked, wanted, actor=actor)
            with pytest.raises(NotAllowed):
                offers.change_offer(fresh, wanted, actor=actor)
            with pytest.raises(NotAllowed):
                offers.withdraw_place(fresh, actor=actor)
    offer, place = of(asked)
    assert (offer.how_many, place.how_many, place.state) == (1, 1, PlaceState.OPEN)


# --- the walls --------------------------------------------------------------------------------


def test_schools_and_the_bureau_read_the_pools_offers_others_those_they_see_a_place_of(world):
    with use(SYSTEM):
        garage = offered(world.els.period, world.noord.companies[1])
        mine, theirs = world.berk.places[0].offer_id, world.els.places[0].offer_id
    region = {mine, theirs, garage.offer_id}
    readers = {
        "coordinator": (world.actor(world.berk.coordinator), region),
        "bureau": (world.actor(world.noord.bureau), region),
        "far bureau": (world.actor(world.zuid.bureau), {world.iep.places[0].offer_id}),
        "student": (world.actor(world.berk.logins[0]), {mine}),
        "guardian": (world.guardian_actor(world.berk.guardians[0], world.noord.region), {mine}),
        "contact": (world.company_actor(world.noord.contacts[0]), {mine, theirs}),
        "other contact": (world.company_actor(world.noord.contacts[1]), {garage.offer_id}),
    }
    for who, (actor, expected) in readers.items():
        with use(actor.scope):
            assert set(Offer.objects.order_by().values_list("pk", flat=True)) == expected, who
        with use(SYSTEM):
            rows = Offer.objects.visible_to(actor).order_by()
            assert set(rows.values_list("pk", flat=True)) == expected, who


@pytest.mark.parametrize("other", ["company", "region"])
def test_a_place_is_a_share_of_an_offer_of_its_own_company_and_region(world, other):
    home = world.noord if other == "company" else world.zuid
    company = world.noord.companies[1] if other == "company" else world.zuid.companies[0]
    with use(SYSTEM):
        strange = Offer.objects.create(
            region=home.region,
            company=company,
            starts=date(2027, 1, 1),
            ends=date(2027, 2, 1),
            how_many=1,
        )
    with pytest.raises(DatabaseError, match="foreign key"):  # noqa: SIM117
        with use(school_scope(world.berk.school)), transaction.atomic():
            Place.objects.filter(pk=world.berk.places[0].pk).update(offer=strange)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
