"""The bank of assignments and handing out."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assignment, HandIn
from stage.core.tenants.tenancy import SYSTEM, use
from tests.assessments import things
from tests.clients import client_of

LIST = "assessments:assignment_list"


def test_the_bank_shows_own_assignments_and_finds_them(world):
    with use(SYSTEM):
        things.assignment(world.berk, "Een brood bakken")
        things.assignment(world.berk, "De kassa")
        things.assignment(world.els, "Geheim van Els")
    client = client_of(world.berk.teacher)
    page = client.get(reverse(LIST)).content.decode()
    assert "Een brood bakken" in page
    assert "De kassa" in page
    assert "Geheim van Els" not in page
    found = client.get(reverse(LIST), {"q": "kassa"}).content.decode()
    assert "De kassa" in found
    assert "Een brood bakken" not in found


def test_the_list_asks_as_much_for_three_as_for_one(world):
    client = client_of(world.berk.coordinator)
    with use(SYSTEM):
        things.assignment(world.berk, "Een")
    counts = [_queries(client)]
    with use(SYSTEM):
        things.assignment(world.berk, "Twee")
        things.assignment(world.berk, "Drie")
    counts.append(_queries(client))
    assert counts[0] == counts[1]


def _queries(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(LIST)).status_code == 200
    return len(queries)


def test_adding_needs_a_title_and_keeps_what_was_typed(world):
    client = client_of(world.berk.teacher)
    url = reverse("assessments:assignment_add")
    response = client.post(url, {"title": "", "text": "Bak een taart."})
    assert response.status_code == 422
    assert "Bak een taart." in response.content.decode()
    client.post(url, {"title": "Taart", "text": "Bak een taart."})
    with use(SYSTEM):
        row = Assignment.objects.get(title="Taart")
        assert (row.school_id, row.created_by_id) == (world.berk.school.pk, world.berk.teacher.pk)


def test_editing_and_archiving_with_a_way_back(world):
    with use(SYSTEM):
        row = things.assignment(world.berk)
    client = client_of(world.berk.teacher)
    client.post(
        reverse("assessments:assignment_edit", args=[row.public_id]),
        {
            "title": "Twee broden",
            "text": "Bak er twee.",
        },
    )
    archive = reverse("assessments:assignment_archive", args=[row.public_id])
    client.post(archive)
    with use(SYSTEM):
        row.refresh_from_db()
        assert row.title == "Twee broden"
        assert row.archived_at is not None
    client.post(f"{archive}?restore=1")
    with use(SYSTEM):
        row.refresh_from_db()
        assert row.archived_at is None


def test_handing_out_twice_gives_it_once(world):
    with use(SYSTEM):
        row = things.assignment(world.berk)
    client = client_of(world.berk.teacher)
    url = reverse("assessments:assignment_hand_out", args=[row.public_id])
    page = client.get(url, {"group": world.berk.group.public_id}).content.decode()
    assert "Aya Berk" in page
    data = {
        "group": world.berk.group.public_id,
        "placements": [world.berk.placement.public_id],
        "due": "2027-01-20",
    }
    assert client.post(url, data).status_code == 302
    assert client.post(url, {**data, "due": "2027-01-22"}).status_code == 302
    with use(SYSTEM):
        [hand_in] = HandIn.objects.all()
        assert hand_in.due == date(2027, 1, 20)
        assert hand_in.student_id == world.berk.students[0].pk


@pytest.mark.parametrize("who", ["colleague", "nobody_chosen"])
def test_handing_out_to_nobody_or_to_who_is_not_yours_is_refused(world, who):
    with use(SYSTEM):
        row = things.assignment(world.berk)
    member = world.berk.colleague if who == "colleague" else world.berk.teacher
    chosen = [world.berk.placement.public_id] if who == "colleague" else []
    url = reverse("assessments:assignment_hand_out", args=[row.public_id])
    data = {"group": world.berk.group.public_id, "placements": chosen}
    assert client_of(member).post(url, data).status_code == 422
    with use(SYSTEM):
        assert HandIn.objects.count() == 0
