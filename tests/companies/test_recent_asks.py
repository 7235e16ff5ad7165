"""How often the region asked a company lately, before asking it once more (feature B9)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from companies.models import Invitation
from stage.core.tenants.tenancy import SYSTEM, use
from tests.companies.conftest import draft_of


def asked(world, *, days: dict) -> None:
    """Invitations of these schools to the bakery left so many days ago."""
    with use(SYSTEM):
        for sw, ago in days.items():
            rows = Invitation.objects.filter(school_id=sw, company=world.noord.companies[0])
            rows.update(sent_at=timezone.now() - timedelta(days=ago))


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize(
    ("berk", "els", "said"),
    [
        (3, 5, "2 scholen vroegen dit bedrijf kort geleden"),
        (70, 5, "1 school vroeg dit bedrijf kort geleden"),
        (70, 70, None),
    ],
)
def test_before_sending_it_says_who_was_asked_lately_by_the_whole_region(
    world, coordinator, berk, els, said
):
    asked(world, days={world.berk.school.pk: berk, world.els.school.pk: els})
    campaign = draft_of(world.berk)
    text = words(coordinator.get(f"/bedrijven/campagnes/{campaign.public_id}/versturen/"))
    assert text.count("kort geleden") == (1 if said else 0)
    bakery = text[text.index("Bakkerij Noord") : text.index("Garage Noord")]
    assert (said or "") in bakery
    assert "Els" not in text
