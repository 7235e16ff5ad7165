"""Who looks at today reads today's check-ins, however many years the school keeps."""

from datetime import timedelta

import pytest
from django.urls import reverse

from attendance.models import CheckIn
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import MONDAY, at
from tests.clients import client_of
from tests.growth import as_if_large, counted

pytestmark = pytest.mark.django_db
OLD = 80  # days on which everybody was in


def test_the_coordinators_day_reads_no_older_check_ins(world):
    address, placement = reverse("attendance:today"), world.berk.placement
    with at(MONDAY, "10:00"), as_if_large():
        client = client_of(world.berk.coordinator)
        client.get(address)
        with counted() as before:
            assert client.get(address).status_code == 200
        with use(SYSTEM):
            CheckIn.objects.bulk_create(
                CheckIn.about(
                    placement,
                    date=MONDAY - timedelta(days=n + 1),
                    kind="start",
                    at=f"{MONDAY - timedelta(days=n + 1)}T08:00+00:00",
                    method="poster",
                )
                for n in range(OLD)
            )
        with counted() as after:
            assert client.get(address).status_code == 200
    for read in (before, after):
        # Arrivals nobody looked at yet are asked of all days; those of a day are asked by it.
        read.statements = [s for s in read.statements if '"attendance_checkin"."date" =' in s[1]]
    assert after.statements
    rows, sql = after.grown(before)
    assert rows < OLD / 2, sql
