"""Rows in every table, and the hands of a migration."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from companies.models import ChangeSeen, CompanyChange, LetterStop
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import ImportMapping, LoginCode
from tests import bait
from tests.attendance.helpers import TUESDAY, at
from tests.owner import as_owner
from tests.world import World, build_world


def add_the_rest(world: World) -> None:
    """Rows in the tables that the bait leaves empty, since they hold no words."""
    berk = world.berk
    change = CompanyChange.objects.order_by("pk").first()
    ChangeSeen.objects.create(school=berk.school, change=change)
    ImportMapping.objects.create(region=berk.school.region, school=berk.school, sheet="students")
    LetterStop.objects.create(
        school=berk.school, company=world.noord.companies[0], address="stop@bedrijf.test"
    )
    LoginCode.objects.create(
        school=berk.school, student=berk.students[0], digest="x", expires_at=timezone.now()
    )


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """The owner's connection, in a transaction that is undone, and the world with its bait."""
    with (
        django_db_blocker.unblock(),
        override_settings(FILES_ROOT=str(tmp_path_factory.mktemp("files"))),
        at(TUESDAY, "12:00"),
        as_owner() as connection,
        transaction.atomic(),
    ):
        with use(SYSTEM):
            world: World = build_world()
            bait.lay(world)
            add_the_rest(world)
        connection.check_constraints()
        yield connection, world
        transaction.set_rollback(True)
