"""Pages of lists: rows are chosen before what they show is joined; a long list is not counted."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui.paging import page_of
from stage.schools.models import Student
from tests.clients import client_of


def asked(number: int = 1):
    return SimpleNamespace(chosen={"page": number})


def test_what_a_list_shows_is_joined_to_the_rows_of_one_page(world):
    rows = Student.objects.filter(school=world.berk.school).select_related("profile", "mentor")
    with use(SYSTEM), CaptureQueriesContext(connection) as queries:
        page = page_of(rows.order_by("-first_name", "pk"), asked(2), size=2)
        assert [s.first_name for s in page] == ["Aya"]
        assert page[0].mentor.name == "Docent Berk"
    [chosen] = [q["sql"] for q in queries if "OFFSET" in q["sql"]]
    assert "schools_profile" not in chosen
    assert page.paginator.count == 3


def test_a_list_without_rows_counts_nothing_from_nought(world):
    page = reverse("schools:student_list")
    client = client_of(world.berk.coordinator)
    assert "1 t/m 3 van 3" in " ".join(client.get(page).content.decode().split())
    assert " t/m 0" not in " ".join(client.get(page, {"q": "zzzz"}).content.decode().split())


@pytest.fixture
def trail(world):
    """Sixty lines of one school, of which the newest is the last."""
    with use(SYSTEM):
        AuditEntry.objects.bulk_create(
            AuditEntry(school=world.berk.school, actor_kind="job", verb=f"did_{n}")
            for n in range(60)
        )
    return client_of(world.berk.coordinator)


def test_the_trail_is_read_page_by_page_and_never_counted(trail):
    url = reverse("web:audit_list")
    with CaptureQueriesContext(connection) as queries:
        first = trail.get(url)
    assert not [q for q in queries if "COUNT(" in q["sql"] and "core_auditentry" in q["sql"]]
    page = first.content.decode()
    assert "page=2" in page
    assert "page=0" not in page
    last = trail.get(url, {"page": 3})
    assert len(last.context["page_obj"].object_list) >= 10
    assert "page=2" in last.content.decode()
    assert "page=4" not in last.content.decode()


def test_past_the_end_of_the_trail_it_begins_again(trail):
    page = trail.get(reverse("web:audit_list"), {"page": 90})
    assert len(page.context["page_obj"].object_list) == 25
    assert page.context["page_obj"].number == 1
