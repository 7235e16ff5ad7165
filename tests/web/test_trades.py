"""The colour of the trade: on the student's own pages, and readable on every ground."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.urls import reverse

from stage.core import reference
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui.colour import contrast
from stage.schools.models import Profile, Student
from stage.schools.trades import TRADES, trade_of
from tests.clients import client_of, client_of_guardian

TOKENS = (settings.BASE_DIR / "static/css/tokens.css").read_text()
PAIR = r"light-dark\((#\w{6}), (#\w{6})\)"
COLOURS = re.findall(rf'\[data-trade="(\w+)"\] \{{\s*--trade: {PAIR}', TOKENS)
GROUNDS = re.findall(rf"--(?:paper|surface|sunken|hover): {PAIR}", TOKENS)
PAGES = ("web:home", "attendance:week", "web:me", "placements:place_browse")


def test_every_profile_has_a_colour():
    assert {row.code for row in reference.profiles()} == set(TRADES)
    assert sorted(name for name, _light, _dark in COLOURS) == sorted(TRADES.values())
    assert trade_of("X", None, "PIE", "HBR") == "pie"
    assert trade_of() == ""


@pytest.mark.parametrize(("name", "light", "dark"), COLOURS)
def test_it_can_be_read_on_every_ground_and_so_can_letters_on_it(name, light, dark):
    assert len(GROUNDS) == 4
    for in_light, in_dark in GROUNDS:
        assert contrast(light, in_light) >= 4.5
        assert contrast(dark, in_dark) >= 4.5


def test_the_students_pages_have_the_colour_of_its_profile(world):
    with use(SYSTEM):
        student = Student.objects.filter(pk=world.berk.students[0].pk)
        student.update(profile=Profile.objects.get(code="M&T"))
    client = client_of(world.berk.logins[0])
    for name in PAGES:
        assert 'data-trade="mt"' in body_of(client, name), name
    with use(SYSTEM):
        student.update(profile=None)
    assert "data-trade" not in body_of(client, "web:home")


def test_nobody_elses_pages_have_a_colour(world):
    for client in (client_of(world.berk.teacher), client_of_guardian(world.berk.guardians[0])):
        assert "data-trade" not in body_of(client, "web:home")


def body_of(client, name: str) -> str:
    """The opening tag of the page's body."""
    found = re.search(r"<body[^>]*>", client.get(reverse(name)).content.decode())
    assert found
    return found[0]
