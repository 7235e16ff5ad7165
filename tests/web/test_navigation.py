"""The navigation shows where a page belongs."""

import pytest

from stage.core.who.access import registry
from stage.web import navigation
from tests.clients import client_of

MENUS = (navigation.COORDINATOR, navigation.TEACHER, navigation.STUDENT, navigation.BUREAU)
ENTRIES = [found for menu in MENUS for entry in menu for found in (entry, *entry.children)]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
def test_what_stands_under_an_entry_is_a_route_or_the_beginning_of_one(entry):
    names = registry()
    for name in (entry.name, *entry.under):
        begins = name.endswith((":", "_")) and any(n.startswith(name) for n in names)
        assert name in names or begins, name


@pytest.mark.parametrize(
    ("who", "page", "marked"),
    [
        ("coordinator", "/stages/plaatsingen/{placement}/", "Alle stages"),
        ("teacher", "/leren/opdrachten/nieuw/", "Opdrachten"),
    ],
)
def test_a_page_of_one_thing_marks_the_list_it_is_in(world, who, page, marked):
    client = client_of(getattr(world.berk, who))
    text = client.get(page.format(placement=world.berk.placement.public_id)).content.decode()
    menu = text[text.index("nav-list") :]
    current = menu[menu.index('aria-current="page"') :]
    assert current[current.index("<span>") + 6 : current.index("</span>")] == marked
