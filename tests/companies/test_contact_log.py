"""The log of what a school's people noted about a company (feature B3)."""

import re
from datetime import date

import pytest

from companies.models import CompanyNote
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import at
from tests.clients import client_of


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_log_says_who_wrote_what_and_when_newest_first(world):
    page = f"/bedrijven/{world.noord.companies[0].public_id}/"
    with at(date(2027, 1, 11)):
        client_of(world.berk.coordinator).post(f"{page}notities/", {"text": "Gebeld: bel na tien"})
    with at(date(2027, 1, 13)):
        client_of(world.berk.teacher).post(f"{page}notities/", {"text": "Wil graag twee bakkers"})
        text = words(client_of(world.berk.colleague).get(page))
    newest = text.index("Wil graag twee bakkers Docent Berk, wo 13 januari")
    assert newest < text.index("Gebeld: bel na tien Coordinator Berk, ma 11 januari")


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 2001])
def test_an_empty_or_endless_note_is_not_kept(world, wrong):
    page = f"/bedrijven/{world.noord.companies[0].public_id}/"
    client_of(world.berk.coordinator).post(f"{page}notities/", {"text": wrong})
    with use(SYSTEM):
        assert CompanyNote.objects.count() == 0
