"""What somebody does to a company, or asks it all the same, stands in the trail."""

from companies import services
from companies.enums import InvitationState
from companies.models import Department, Location
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from tests.companies.conftest import draft_of, invitation_of, sent_campaign
from tests.companies.test_asking import again, answer, send


def written(*verbs) -> list[tuple[str, int, int]]:
    """Verb, thing and who did it, in order."""
    with use(SYSTEM):
        rows = AuditEntry.objects.filter(verb__in=verbs).order_by("at")
        return list(rows.values_list("verb", "object_id", "actor_id"))


def test_a_department_is_added_changed_and_removed(world):
    actor, company = world.actor(world.berk.coordinator), world.noord.companies[0]
    with use(actor.scope):
        row = services.save_department(
            Department(company=company, region_id=company.region_id, name="Winkel"), actor=actor
        )
        number = row.pk
        row.name = "De winkel"
        services.save_department(row, actor=actor, fields=("name",))
        services.remove_department(row, actor=actor)
        assert not Department.objects.filter(pk=number).exists()
    verbs = ("department_added", "department_changed", "department_removed")
    assert written(*verbs) == [(verb, number, actor.id) for verb in verbs]


def test_a_location_is_added_and_changed(world):
    actor, company = world.actor(world.berk.coordinator), world.noord.companies[0]
    with use(actor.scope):
        row = Location(company=company, region_id=company.region_id, name="Filiaal", city="Noord")
        services.save_location(row, actor=actor)
        row.city = "Zuid"
        services.save_location(row, actor=actor, fields=("city",))
    verbs = ("location_added", "location_changed")
    assert written(*verbs) == [(verb, row.pk, actor.id) for verb in verbs]


def test_a_company_that_said_yes_is_asked_all_the_same(world):
    garage, bakery = world.noord.companies[1], world.noord.companies[0]
    first = sent_campaign(world, world.berk)
    answer(world, first, garage, how_many=2, weekdays=[1])
    second = draft_of(world.berk, group=again(first))
    send(world, second, ticked={bakery.pk})
    held, actor = invitation_of(second, garage), world.actor(world.berk.coordinator)
    assert held.state == InvitationState.HELD
    with use(actor.scope):
        services.ask_anyway(held, actor=actor)
    assert invitation_of(second, garage).state == InvitationState.QUEUED
    assert written("invitation_asked_anyway") == [("invitation_asked_anyway", held.pk, actor.id)]
