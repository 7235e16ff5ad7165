"""Who takes the agreement on paper is seen in the trail."""

from django.urls import reverse

from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of
from tests.placements.agreements import frozen


def test_taking_the_agreement_on_paper_is_written_down(world):
    agreement = frozen(world)
    address = reverse("agreements:agreement_pdf", args=[agreement.public_id])
    assert client_of(world.berk.coordinator).get(address).status_code == 200
    with use(SYSTEM):
        entry = AuditEntry.objects.get(verb="agreement_printed")
    assert (entry.object_id, entry.actor_id) == (
        agreement.pk,
        world.actor(world.berk.coordinator).id,
    )
