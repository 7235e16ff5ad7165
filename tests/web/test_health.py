"""The page that anybody may ask whether all is well."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.work import health
from tests.clients import client_of

TOKEN = "een-teken-van-de-bewaker"


@pytest.fixture(autouse=True)
def _measured_anew():
    health.forget()
    yield
    health.forget()


@pytest.fixture
def uncertain(world):
    """A mail of which nobody knows whether it arrived."""
    with use(SYSTEM):
        return OutboxMail.objects.create(
            event="x",
            person_kind="contact",
            person_id=1,
            key="k",
            state="uncertain",
            region=world.noord.region,
            not_before="2027-01-01T00:00Z",
        )


def asked(**headers):
    return Client().get(reverse("web:health"), {"format": "json"}, headers=headers)


def test_anybody_hears_of_each_part_whether_it_is_well_and_no_number(uncertain):
    told = asked().json()
    assert told == {
        "good": True,
        "parts": {"database": True, "jobs": True, "mail": False, "trail": True, "walls": True},
    }
    page = Client().get(reverse("web:health")).content.decode()
    assert "wachten" not in page


def test_the_monitor_with_the_token_reads_counts(uncertain, settings):
    settings.HEALTH_TOKEN = TOKEN
    told = asked(authorization=f"Bearer {TOKEN}").json()
    assert told["uncertain_mails"] == 1
    assert set(told) == {
        *("good", "parts", "database", "late_jobs", "waiting_mails"),
        *("uncertain_mails", "unsealed_entries", "wall_differences"),
    }
    assert "uncertain_mails" not in asked(authorization="Bearer iets-anders").json()
    assert "uncertain_mails" not in asked(authorization=f"Basic {TOKEN}").json()


@pytest.mark.parametrize("given", ["Bearer ", "Bearer", ""])
def test_without_a_token_in_the_settings_nothing_opens_the_counts(db, given):
    assert "waiting_mails" not in asked(authorization=given).json()


def test_the_operator_reads_the_counts_on_the_page(uncertain, world):
    page = client_of(world.operator).get(reverse("web:health")).content.decode()
    assert "Mails die nu wachten" in page


def test_the_answer_holds_for_some_seconds(uncertain):
    asked()
    with CaptureQueriesContext(connection) as queries:
        assert asked().json()["parts"]["mail"] is False
    assert len(queries) == 0


def test_it_says_when_the_database_is_away(db, monkeypatch):
    monkeypatch.setattr(health, "measure", lambda: health.Health(database=False))
    response = Client().get(reverse("web:health"), headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["good"]) == (503, False)
    assert set(response.json()["parts"].values()) == {False}
    assert Client().get(reverse("web:health")).status_code == 503
