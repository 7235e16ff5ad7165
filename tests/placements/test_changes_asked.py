"""What others than the school ask to change: once, taken back, and unseen by others."""

import pytest
from django.urls import reverse

from placements import services
from placements.enums import ChangeState
from placements.models import Placement, PlacementChange
from placements.policies import takes_change_back
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.placements.changes import ask, change, current, day


@pytest.mark.parametrize("who", ["student", "guardian", "company"])
def test_each_asks_on_a_page_and_it_waits_for_the_school(world, signed, who):
    client = {
        "student": lambda: client_of(world.berk.logins[0]),
        "guardian": lambda: client_of_guardian(world.berk.guardians[0]),
        "company": lambda: client_of_contact(world.noord.contacts[0]),
    }[who]()
    page = reverse("placements:change_make", args=[signed.public_id, "stop"])
    assert (
        page
        in client.get(reverse("placements:change_start", args=[signed.public_id])).content.decode()
    )
    data = {"from_on": "2027-01-14", "reason": "fit", "words": "Het past niet.", "do": "1"}
    assert client.post(page, data).status_code == 302
    with use(SYSTEM):
        [asked] = PlacementChange.objects.filter(placement=signed)
    assert (asked.state, asked.asked_kind) == (ChangeState.ASKED, who)
    home = client_of(world.berk.coordinator).get("/").content.decode()
    assert "Antwoord: er moet iets veranderen" in home
    assert reverse("placements:change_show", args=[asked.public_id]) in home


def test_the_same_question_twice_is_one(world, signed):
    company = world.company_actor(world.noord.contacts[0])
    ask(world, signed, "stop", company, from_on=day(14))
    with pytest.raises(Conflict, match="al gevraagd"):
        ask(world, signed, "stop", company, from_on=day(15))


def test_a_student_takes_the_question_back(world, signed):
    me = world.actor(world.berk.logins[0])
    asked = ask(world, signed, "stop", me, from_on=day(14))
    with use(me.scope):
        services.withdraw_change(PlacementChange.objects.get(pk=asked.pk), actor=me)
    assert current(asked).state == ChangeState.WITHDRAWN
    ask(world, signed, "stop", me, from_on=day(14))  # and may ask again


def test_nobody_takes_back_what_another_asked(world, signed):
    me, company = world.actor(world.berk.logins[0]), world.company_actor(world.noord.contacts[0])
    asked = ask(world, signed, "stop", company, from_on=day(14))
    with use(SYSTEM):
        row = PlacementChange.objects.select_related("placement").get(pk=asked.pk)
    for actor, may in ((me, False), (company, True), (world.actor(world.berk.coordinator), True)):
        with use(actor.scope):
            assert bool(takes_change_back(actor, row)) is may


def test_another_student_asks_nothing(world, signed):
    stranger = world.actor(world.berk.logins[1])
    with pytest.raises(Placement.DoesNotExist):
        ask(world, signed, "stop", stranger, from_on=day(14))


def test_the_company_reads_only_what_it_asked(world, signed):
    company = world.company_actor(world.noord.contacts[0])
    change(
        world, signed, "pause", from_on=day(14), until_on=day(14), reason="conduct", words="Ruzie."
    )
    with use(company.scope):
        assert not PlacementChange.objects.visible_to(company).exists()
        assert not PlacementChange.objects.exists()  # nor by the wall in the database
