"""The clock of the tests of placements: some weeks before the world's period."""

from datetime import UTC, datetime

import pytest
import time_machine

from placements.models import Application
from placements.services.disclosure import disclose
from stage.core.tenants.tenancy import SYSTEM, use
from tests.placements.changes import in_state
from tests.placements.helpers import apply_to
from tests.placements.test_application_services import second_place

SENT = "2026-11-25T10:00:00Z"


@pytest.fixture(autouse=True)
def before_the_period():
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def two(world):
    """Bram wrote to the bakery and to the garage, which were both mailed; and has a draft."""
    bakery, student = world.berk.applications[1], world.berk.students[1]
    with use(SYSTEM):
        Application.objects.filter(pk=bakery.pk).update(submitted_at=SENT)
        world.garage = apply_to(second_place(world), student, submitted_at=SENT)
        disclose(student, world.garage.company_id, actor=world.actor(world.berk.coordinator))
    world.bakery = bakery
    return world


@pytest.fixture
def signed(world):
    """The world's placement, signed, some weeks before its first day."""
    return in_state(world.berk.placement, "signed")
