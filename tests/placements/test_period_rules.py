"""Placements follow a period although a rule is not met: with a reason, or they stay."""

from datetime import date, time

import pytest
from django.urls import reverse

from placements.models import PlacementChange, PlannedDay, RuleOverride
from placements.services import periods
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.work import long_jobs
from tests.attendance.helpers import another_placement, at
from tests.clients import client_of
from tests.placements.changes import current, in_state
from tests.placements.test_period_followed import BEFORE, reads

LONG = time(17, 0)  # eight hours of work: too long for who is fifteen, not for who is older


@pytest.fixture
def two(world):
    """Aya of fifteen and Bram of seventeen, signed; the period's days become an hour longer."""
    with use(SYSTEM):
        aya = world.berk.students[0]
        aya.birth_date = date(2011, 5, 1)
        aya.save()
        bram = world.berk.students[1]
        bram.birth_date = date(2009, 3, 1)
        bram.save()
    placements = (
        in_state(world.berk.placement, "signed"),
        in_state(another_placement(world.berk, world.noord, 1), "signed"),
    )
    reads(world, day_to=LONG)
    with at(BEFORE):
        yield placements


def page_of(world) -> str:
    return reverse("placements:period_follow", args=[world.berk.period.public_id])


def overrides(placement) -> list[tuple[str, str]]:
    with use(SYSTEM):
        rows = RuleOverride.objects.filter(placement=placement).order_by("pk")
        return list(rows.values_list("rule", "reason"))


def ticked(text: str) -> set[str]:
    lines = text.split('name="placement"')[1:]
    return {x.split('value="')[1].split('"')[0] for x in lines if "checked" in x.split(">")[0]}


def test_the_page_names_the_rule_and_leaves_that_one_out(world, two):
    aya, bram = two
    text = client_of(world.berk.coordinator).get(page_of(world)).content.decode()
    assert "werk en school op één dag" in text
    assert ticked(text) == {bram.public_id}
    assert 'name="rule_reason"' in text


def test_left_as_it_is_nothing_is_asked_and_nothing_kept(world, two):
    aya, bram = two
    answer = client_of(world.berk.coordinator).post(page_of(world), {"placement": [bram.public_id]})
    assert answer.status_code == 302
    assert current(bram).day_to == LONG
    assert current(aya).day_to == time(15, 30)
    assert overrides(aya) == overrides(bram) == []


def test_without_a_reason_it_comes_back_as_it_was_filled_in(world, two):
    aya, bram = two
    codes = [aya.public_id, bram.public_id]
    answer = client_of(world.berk.coordinator).post(
        page_of(world), {"placement": codes, "rule_reason": " ", "run": "EENMAAL"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Leg uit waarom dit kan" in text
    assert aya.student.full_name in text
    assert ticked(text) == set(codes)
    assert 'name="run" value="EENMAAL"' in text
    assert current(bram).day_to == time(15, 30)


@pytest.mark.parametrize("by", ["at once", "a worker"])
def test_with_a_reason_both_follow_and_the_reason_stays_with_whom_it_is_about(
    world, two, monkeypatch, by
):
    aya, bram = two
    if by == "a worker":
        monkeypatch.setattr(periods, "AT_ONCE", 1)
    codes = [aya.public_id, bram.public_id]
    data = {"placement": codes, "rule_reason": "Een week, met ouders besproken.", "run": "EEN"}
    answer = client_of(world.berk.coordinator).post(page_of(world), data)
    assert answer.status_code == 302
    if by == "a worker":
        long_jobs.run_waiting()
    assert current(aya).day_to == current(bram).day_to == LONG
    assert {reason for _rule, reason in overrides(aya)} == {data["rule_reason"]}
    assert overrides(bram) == []
    with use(SYSTEM):
        changes = {c.placement_id: c.wanted for c in PlacementChange.objects.order_by("pk")}
    assert "rule_reason" not in changes[bram.pk]
    # The same press again: it was done, and no second row.
    client_of(world.berk.coordinator).post(page_of(world), data)
    assert len(overrides(aya)) == len({rule for rule, _reason in overrides(aya)})


def test_days_in_place_of_others_ask_it_too(world, two):
    """A long day comes back on another one, and is too long there as well."""
    aya, _bram = two
    with use(SYSTEM):
        PlannedDay.objects.filter(placement=aya, date=date(2027, 1, 13)).update(day_to=LONG)
    page = reverse("placements:period_off", args=[world.berk.period.public_id])
    coordinator = client_of(world.berk.coordinator)
    data = {
        "from_on": "2027-01-13",
        "reason": "closed",
        "who": f"s:{aya.public_id}",
        "again_from": "2027-01-25",
    }
    asked = coordinator.post(page, data)
    assert asked.status_code == 200
    assert "op één dag" in asked.content.decode()
    do = {**data, "do": "1", "placement": [aya.public_id]}
    assert coordinator.post(page, do).status_code == 422
    assert coordinator.post(page, {**do, "rule_reason": "Kerstmarkt."}).status_code == 302
    assert overrides(aya) == [("day", "Kerstmarkt.")]
