"""What was signed stays; what changes afterwards is an amendment that those it concerns sign."""

from datetime import date, time

import pytest

from placements.agreements.enums import AgreementState
from placements.agreements.models import Agreement, Signature
from placements.agreements.queries import signers
from placements.agreements.services import starting
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind, PlacementState
from placements.models import Placement
from placements.services import change_placement
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from stage.schools.models import PeriodException
from tests.placements import agreements
from tests.placements.agreements import actors, fresh, sign_as
from tests.placements.changes import change, current, undo
from tests.placements.helpers import mails
from tests.placements.test_application_services import second_place
from tests.races import at_once

SECOND_MONDAY = date(2027, 1, 18)


@pytest.fixture
def signed(world):
    """The first placement's agreement, signed by all four."""
    return agreements.signed_by_all(world)


def amendments_of(agreement) -> list[Agreement]:
    with use(SYSTEM):
        return list(Agreement.objects.filter(amends=agreement).order_by("version"))


def other_days(world, placement, **more):
    wanted = {"weekdays": (1, 2, 4), "day_from": time(8), "day_to": time(15)} | more
    return change(world, placement, "schedule", from_on=SECOND_MONDAY, **wanted)


def test_other_days_are_an_amendment_with_old_and_new_side_by_side(world, signed):
    text, signatures = signed.document, Signature.objects.filter(agreement=signed)
    with use(SYSTEM):
        given = signatures.count()
    other_days(world, signed.placement)
    (amendment,) = amendments_of(signed)
    sides = {label: (old, new) for label, old, new in amendment.document["sides"]}
    assert sides["Dagen"][1] == "maandag, dinsdag en donderdag"
    assert sides["Werktijden"][1] == "08:00 – 15:00"
    assert amendment.state == AgreementState.SIGNING
    assert amendment.is_intact
    now = fresh(signed)
    assert (now.state, now.document) == (AgreementState.COMPLETE, text)
    with use(SYSTEM):
        assert signatures.count() == given


def test_days_and_times_are_signed_by_all_a_new_supervisor_not_by_the_parents(world, signed):
    other_days(world, signed.placement)
    (amendment,) = amendments_of(signed)
    with use(SYSTEM):
        slots = [s.party for s in signers.slots_of(amendment)]
    assert slots == ["student", "guardian", "company", "school"]
    change(world, signed.placement, "supervisor", supervisor=world.noord.contacts[0])
    with use(SYSTEM):
        latest = Agreement.objects.filter(amends=signed).order_by("-version").first()
        assert amendment.pk != latest.pk
        # The unsigned one said days; the new one says all that differs from what was signed.
        assert set(latest.parties) == {"student", "guardian", "company", "school"}
        assert fresh(amendment).state == AgreementState.SUPERSEDED


def test_an_amendment_says_all_that_nobody_signed_yet(world, signed):
    """Times, and then a new supervisor: the second paper replaces the first and says both."""
    other_days(world, signed.placement)
    change(world, signed.placement, "supervisor", supervisor=world.noord.contacts[0])
    (_lapsed, amendment) = amendments_of(signed)
    sides = {label: new for label, _old, new in amendment.document["sides"]}
    assert sides["Werktijden"] == "08:00 – 15:00"
    assert world.noord.contacts[0].name in sides.values()


def test_an_undone_change_leaves_the_paper_of_the_one_before(world, signed):
    other_days(world, signed.placement)
    undone = change(world, signed.placement, "supervisor", supervisor=world.noord.contacts[0])
    undo(world, undone)
    with use(SYSTEM):
        waiting = Agreement.objects.get(amends=signed, state=AgreementState.SIGNING)
    sides = {label: new for label, _old, new in waiting.document["sides"]}
    assert sides["Werktijden"] == "08:00 – 15:00"
    assert world.noord.contacts[0].name not in sides.values()


def test_a_new_supervisor_alone_asks_no_guardian(world, signed):
    change(world, signed.placement, "supervisor", supervisor=world.noord.contacts[0])
    (amendment,) = amendments_of(signed)
    assert amendment.parties == ["student", "company", "school"]
    told = {m.person_kind for m in mails("agreement_sign") if m.about_id == amendment.pk}
    assert "guardian" not in told


@pytest.mark.parametrize("kind", ["teacher", "pause"])
def test_what_needs_no_signature_is_only_told(world, signed, kind):
    wanted = {
        "teacher": {"teacher": world.berk.coordinator},
        "pause": {"from_on": SECOND_MONDAY, "until_on": date(2027, 1, 19)},
    }[kind]
    change(world, signed.placement, kind, **wanted)
    assert amendments_of(signed) == []
    assert mails("placement_changed")


def test_an_amendment_is_complete_when_those_it_concerns_signed(world, signed):
    change(world, signed.placement, "supervisor", supervisor=world.noord.contacts[0])
    (amendment,) = amendments_of(signed)
    people = actors(world)
    for party in amendment.parties:
        sign_as(amendment, people[party])
    assert fresh(amendment).state == AgreementState.COMPLETE
    assert current(signed.placement).state == PlacementState.SIGNED
    # The next one is compared with what holds now.
    other_days(world, signed.placement)
    latest = amendments_of(signed)[-1]
    assert "Praktijkopleider" not in {label for label, _old, _new in latest.document["sides"]}


def test_an_undone_change_takes_its_amendment_along(world, signed):
    done = other_days(world, signed.placement)
    (amendment,) = amendments_of(signed)
    undo(world, done)
    assert fresh(amendment).state == AgreementState.SUPERSEDED
    with use(SYSTEM):
        assert not Agreement.objects.in_force().filter(amends=signed).exists()


def test_what_is_wrong_with_an_amendment_ends_it_and_leaves_the_agreement(world, signed):
    other_days(world, signed.placement)
    (amendment,) = amendments_of(signed)
    company = actors(world)["company"]
    with use(company.scope):
        starting.object_to(amendment, text="Donderdag zijn wij dicht.", actor=company)
    assert fresh(amendment).state == AgreementState.SUPERSEDED
    assert fresh(signed).state == AgreementState.COMPLETE
    assert {m.person_id for m in mails("agreement_objected")} == {world.berk.coordinator.pk}


def test_a_new_text_takes_the_amendments_up(world, signed):
    other_days(world, signed.placement)
    (amendment,) = amendments_of(signed)
    people = actors(world)
    for who in people.values():
        sign_as(amendment, who)
    boss = people["school"]
    with use(boss.scope):
        newer = starting.revise(Agreement.objects.get(pk=signed.pk), text="Anders.", actor=boss)
    with use(SYSTEM):
        company = newer.answers.get(party="company").fields
        assert (company["day_from"], company["day_to"]) == ("08:00", "15:00")
        assert fresh(amendment).state == AgreementState.SUPERSEDED
        assert Signature.objects.filter(agreement=amendment).count() == 4


def test_what_is_still_filled_in_takes_it_over_and_asks_again(world):
    filled = agreements.filled(world)
    other_days(world, filled.placement)
    with use(SYSTEM):
        rows = {row.party: row for row in filled.answers.all()}
        assert rows["company"].fields["day_from"] == "08:00"
        assert rows["student"].checked_at is None  # times concern the student
        assert Agreement.objects.filter(placement=filled.placement).count() == 1


def test_a_text_that_waits_for_signatures_opens_again(world):
    frozen = agreements.frozen(world)
    sign_as(frozen, actors(world)["student"])
    other_days(world, frozen.placement)
    assert fresh(frozen).state == AgreementState.SUPERSEDED
    with use(SYSTEM):
        newer = Agreement.objects.whole().in_force().get(placement=frozen.placement)
        assert newer.state == AgreementState.FILLING
        assert newer.answers.get(party="company").fields["day_to"] == "15:00"
        assert Signature.objects.filter(agreement=frozen).count() == 1  # kept


def test_a_free_day_of_school_needs_no_signature(world, signed):
    """The text says that on free days there is no placement."""
    with use(SYSTEM):
        PeriodException.objects.create(
            school=world.berk.school,
            period=world.berk.period,
            date=date(2027, 1, 20),
            reason="Vrij",
        )
    change(world, signed.placement, "period", from_on=date(2027, 1, 11))
    assert amendments_of(signed) == []


def test_a_move_begins_the_agreement_there_and_keeps_the_one_here(world, signed):
    done = change(world, signed.placement, "move", from_on=SECOND_MONDAY, place=second_place(world))
    assert fresh(signed).state == AgreementState.COMPLETE
    with use(SYSTEM):
        there = Agreement.objects.get(placement=done.moved_to)
        assert there.state == AgreementState.FILLING
    undo(world, done)
    assert fresh(there).state == AgreementState.SUPERSEDED


def test_an_end_lets_the_open_amendment_lapse(world, signed):
    other_days(world, signed.placement)
    (amendment,) = amendments_of(signed)
    change(world, signed.placement, "stop", from_on=date(2027, 1, 19), reason="fit")
    assert fresh(amendment).state == AgreementState.SUPERSEDED
    assert fresh(signed).state == AgreementState.COMPLETE


@pytest.mark.django_db(transaction=True)
def test_a_change_while_somebody_signs_never_leaves_a_signature_under_another_text(
    committed_world,
):
    world = committed_world
    frozen = agreements.frozen(world)
    people = actors(world)

    def alter(who):
        wanted = Wanted(
            kind=ChangeKind.SCHEDULE,
            from_on=SECOND_MONDAY,
            reason="agreed",
            weekdays=(1, 2),
            day_to=time(15),
        )
        change_placement(Placement.objects.get(pk=frozen.placement_id), wanted, actor=who)

    def sign(who):
        sign_as(frozen, who)

    answers = at_once(
        (people["school"], alter), (people["student"], sign), rows=[world.berk.placement]
    )
    assert answers[0] == "ok"
    with use(SYSTEM):
        newer = Agreement.objects.whole().in_force().get(placement=frozen.placement_id)
        assert newer.pk != frozen.pk
        assert not Signature.objects.filter(agreement=newer).exists()
        signed = Signature.objects.filter(agreement=frozen).first()
        assert (signed is not None) == (answers[1] == "ok")
        assert signed is None or signed.whole_hash == frozen.whole_hash
    with pytest.raises(Conflict):
        sign_as(frozen, people["guardian"])
