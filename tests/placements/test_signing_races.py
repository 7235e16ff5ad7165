"""Somebody signs while another signs, changes the text or undoes the match: one of them wins."""

import pytest

from placements import services
from placements.agreements.models import Signature
from placements.agreements.services import starting
from placements.models import Placement
from stage.core.tenants.tenancy import SYSTEM, use
from tests.placements.agreements import actors, fresh, frozen, sign_as
from tests.races import at_once, behind
from tests.world import let_be

pytestmark = pytest.mark.django_db(transaction=True)


def signatures() -> int:
    with use(SYSTEM):
        return Signature.objects.count()


def test_text_that_changes_while_somebody_signs_is_not_signed(committed_world):
    world = committed_world
    agreement, who = frozen(world), actors(world)
    other = fresh(agreement)

    def revise(actor):
        starting.revise(other, text="Andere tijden.", actor=actor)

    sign = (who["student"], lambda actor: sign_as(agreement, actor))
    assert behind((who["school"], revise), sign) == "conflict"
    assert signatures() == 0


def test_two_contacts_of_one_company_sign_at_once(committed_world):
    world = committed_world
    with use(SYSTEM):
        second = world.noord.supervisors[0]
        let_be(second, ["signatory"])
    agreement = frozen(world)
    people = [actors(world)["company"], world.company_actor(second)]
    both = ((who, lambda actor: sign_as(agreement, actor)) for who in people)
    assert sorted(at_once(*both, rows=[world.berk.placement])) == ["conflict", "ok"]
    assert signatures() == 1


@pytest.mark.parametrize("first", ["sign", "undo"])
def test_a_signature_and_the_undoing_of_its_match_cannot_both_win(committed_world, first):
    world = committed_world
    agreement, who = frozen(world), actors(world)
    pk = world.berk.placement.pk

    def undo(actor):
        services.unmatch(Placement.objects.get(pk=pk), actor=actor)

    jobs = [(who["student"], lambda actor: sign_as(agreement, actor)), (who["school"], undo)]
    jobs = jobs if first == "sign" else jobs[::-1]
    assert at_once(*jobs, rows=[world.berk.placement]) == ["ok", "conflict"]
    with use(SYSTEM):
        cancelled = Placement.objects.get(pk=pk).state == "cancelled"
    assert (signatures(), cancelled) == ((1, False) if first == "sign" else (0, True))
