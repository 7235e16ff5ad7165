"""The supervisor is away for a while: somebody else guides, and afterwards the same one again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from attendance.queries import letters
from attendance.services import absence
from companies.enums import ContactRole
from companies.models import Contact
from placements.agreements.models import Agreement
from placements.changes.shown import title_of
from placements.mails import brief_recipients
from placements.models import Placement
from stage.core.dutch.calendar import week_days
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who.policies import Conflict
from tests.attendance.helpers import at
from tests.clients import client_of, client_of_contact
from tests.placements import agreements
from tests.placements.changes import change, current, day, in_state, undo
from tests.placements.taking_back import sent

BEFORE, FIRST, LAST, AFTER = day(12), day(13), day(15), day(18)


@pytest.fixture
def colleague(world):
    """Somebody of the bakery whom no school knows yet."""
    with use(SYSTEM):
        return Contact.objects.create(
            region=world.noord.region,
            company=world.noord.companies[0],
            name="Invaller Bakkerij",
            email="invaller@bakkerij-noord.test",
            roles=[ContactRole.SUPERVISOR],
        )


@pytest.fixture
def running(world):
    return in_state(world.berk.placement, "running")


def replaced(world, placement, colleague, **wanted):
    wanted = {"from_on": FIRST, "until_on": LAST, **wanted}
    return change(world, placement, "supervisor", supervisor=colleague, **wanted)


def sees(contact, placement) -> bool:
    """Whether this person of the company opens the placement today."""
    page = reverse("placements:placement_show", args=[placement.public_id])
    return client_of_contact(contact).get(page).status_code == 200


def test_on_those_days_the_replacement_guides_and_afterwards_the_same_one_by_itself(
    world, running, colleague
):
    usual = world.noord.supervisors[0]
    replaced(world, running, colleague)
    for when, guides, away in (
        (BEFORE, usual, colleague),
        (FIRST, colleague, usual),
        (LAST, colleague, usual),
        (AFTER, usual, colleague),
    ):
        with at(when):
            assert sees(guides, running), when
            assert not sees(away, running), when
            with use(world.actor(world.berk.coordinator).scope):
                row = Placement.objects.get(pk=running.pk)
                briefed = {c.pk for c in brief_recipients(row)}
                ill = {pk for _kind, pk in absence.company_people(row)}
            assert guides.pk in briefed & ill
            assert away.pk not in briefed | ill


def test_who_is_asked_for_the_week_is_who_guides_then(world, running, colleague):
    boss = world.actor(world.berk.coordinator)
    replaced(world, running, colleague)
    for when, guides in ((LAST, colleague), (AFTER, world.noord.supervisors[0])):
        with at(when, "15:00"), use(boss.scope):
            asked = letters.to_ask(boss, "2027-W02", week_days(2027, 2))
            assert set(asked) == {guides.pk}


def test_pages_say_who_is_away_and_who_guides(world, running, colleague):
    replaced(world, running, colleague)
    page = reverse("placements:placement_show", args=[running.public_id])
    for when, words in ((FIRST, "Vervangt Supervisor Bakkerij"), (AFTER, "Praktijkopleider")):
        with at(when):
            text = client_of(world.berk.logins[0]).get(page).content.decode()
            assert words in text
            assert ("Vervangt Supervisor" in text) is (when == FIRST)
    with at(BEFORE):  # the school reads it beforehand
        assert (
            "begeleidt dan bij het bedrijf"
            in client_of(world.berk.coordinator).get(page).content.decode()
        )


def test_who_is_replaced_and_who_replaces_are_told(world, running, colleague, settings):
    with at(BEFORE):
        replaced(world, running, colleague)
        told = dict(sent(settings))
    for person in (world.noord.supervisors[0], colleague):
        assert "Invaller Bakkerij, wo 13 januari t/m vr 15 januari" in told[person.email]


def test_the_supervisor_is_back_earlier(world, running, colleague):
    usual = world.noord.supervisors[0]
    replaced(world, running, colleague)
    with at(FIRST):
        back = change(world, running, "supervisor", supervisor=usual, from_on=FIRST)
        assert "is er weer" in title_of(current_change(back))
        assert sees(usual, running)
        assert not sees(colleague, running)
        assert current(running).stand_in_id is None
    with at(LAST), pytest.raises(Conflict, match="verandert niets"):
        change(world, running, "supervisor", supervisor=usual, from_on=LAST)


def current_change(row):
    with use(SYSTEM):
        return type(row).objects.select_related("placement").get(pk=row.pk)


def test_pressed_by_mistake_nobody_stands_in(world, running, colleague, settings):
    with at(FIRST):
        done = replaced(world, running, colleague)
        undo(world, done)
        assert current(running).supervisor_now_id == world.noord.supervisors[0].pk
        assert sent(settings) == []
        replaced(world, running, colleague)
        undo(world, change(world, running, "supervisor", supervisor=world.noord.supervisors[0]))
        assert current(running).supervisor_now_id == colleague.pk


@pytest.mark.parametrize("state", ["signed", "open"])
def test_for_a_while_no_paper_changes(world, colleague, state):
    """The agreement names who guides usually; nobody signs for a week."""
    make = {"signed": agreements.signed_by_all, "open": agreements.frozen}[state]
    agreement = make(world)
    replaced(world, agreement.placement, colleague)
    with use(SYSTEM):
        rows = Agreement.objects.filter(placement=agreement.placement)
        assert [row.pk for row in rows] == [agreement.pk]
    assert agreements.fresh(agreement).document == agreement.document


def test_the_form_takes_an_end_and_says_what_is_missing(world, running, colleague):
    page = reverse("placements:change_make", args=[running.public_id, "supervisor"])
    coordinator = client_of(world.berk.coordinator)
    data = {"supervisor": colleague.pk, "reason": "agreed", "words": ""}
    for wrong, words in (
        ({"from_on": "2027-01-13"}, "Kies ook tot en met welke dag"),
        ({"until_on": "2027-01-15", "supervisor": ""}, "Kies wie er vervangt"),
        ({"until_on": "2027-01-15", "supervisor": running.supervisor_id}, "Kies wie er vervangt"),
        ({"from_on": "2027-01-15", "until_on": "2027-01-13"}, "ligt voor de eerste"),
        ({"until_on": "2027-03-01"}, "loopt tot en met"),
    ):
        answer = coordinator.post(page, {**data, **wrong})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    good = {**data, "from_on": "2027-01-13", "until_on": "2027-01-15"}
    shown = coordinator.post(page, good).content.decode()
    assert "Vervanger" in shown
    assert coordinator.post(page, {**good, "do": "1"}).status_code == 302
    row = current(running)
    assert (row.stand_in_id, row.stand_in_from, row.stand_in_until) == (colleague.pk, FIRST, LAST)


def test_a_replacement_after_the_end_of_another_is_new(world, running, colleague):
    replaced(world, running, colleague)
    with at(AFTER):
        change(
            world,
            running,
            "supervisor",
            supervisor=colleague,
            from_on=AFTER,
            until_on=AFTER + timedelta(days=1),
        )
        assert current(running).supervisor_now_id == colleague.pk


def test_who_replaces_and_leaves_waits_for_the_school(world, running, colleague):
    """The supervisor is still away: nobody guides there until the school chose another."""
    usual, waiting = world.noord.supervisors[0], "Kies een andere vervanger bij het bedrijf"
    replaced(world, running, colleague)
    boss = world.actor(world.berk.coordinator)

    def asked() -> list[str]:
        with use(boss.scope):
            return [t.url for t in todo.for_actor(boss) if t.title == waiting]

    with at(FIRST):
        assert asked() == []
        leave = reverse("companies:own_leave", args=[colleague.public_id])
        by = {"colleague": usual.public_id}
        assert client_of_contact(colleague).post(leave, by).status_code == 302
        assert not sees(colleague, running)
        [page] = asked()
        assert client_of(world.berk.coordinator).get(page).status_code == 200
        assert page == reverse("placements:change_make", args=[running.public_id, "supervisor"])
    with at(AFTER):  # the supervisor is back by itself
        assert asked() == []
    with at(FIRST):
        change(world, running, "supervisor", supervisor=usual, from_on=FIRST)
        assert asked() == []
