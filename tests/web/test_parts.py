"""What htmx gets is the page without its frame: the same rows, the same refusals, never cached."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from companies.models import Place
from placements.models import Placement
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of
from tests.markup import tight
from tests.placements.test_application_services import second_place

LISTS = (
    "schools:student_list",
    "companies:company_list",
    "placements:placement_list",
    "agreements:agreement_list",
    "placements:board",
    "assessments:mark_list",
)
HTMX = {"HX-Request": "true"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
TEMPLATES = Path(settings.BASE_DIR) / "templates"


@pytest.fixture
def client(world):
    return client_of(world.berk.coordinator)


def results(response) -> str:
    """What the browser takes out of the answer, to the end of the part it stands in."""
    text = TOKEN.sub("", response.content.decode())
    start = text.index('id="results"')
    depth, at = 1, start
    for found in re.finditer(r"<(/?)div\b", text[start:]):
        depth += -1 if found[1] else 1
        if depth == 0:
            at = start + found.start()
            break
    assert depth == 0
    return text[start:at]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ["", "?q=b&sort=-name", "?q=nergens", "?page=99"])
@pytest.mark.parametrize("who", ["coordinator", "teacher", "colleague"])
def test_a_part_shows_what_the_page_shows(world, name, query, who):
    client = client_of(getattr(world.berk, who))
    url = reverse(name) + query
    whole, part = client.get(url), client.get(url, headers=HTMX)
    assert part.status_code == whole.status_code
    if whole.status_code != 200:
        return
    assert results(part) == results(whole)
    text = part.content.decode()
    assert "<html" not in text
    assert "desk-nav" in whole.content.decode()
    assert "desk-nav" not in text
    # Nothing that the page does not hold: every line of the part is one of the page.
    lines = {line.strip() for line in TOKEN.sub("", whole.content.decode()).splitlines()}
    assert {line.strip() for line in TOKEN.sub("", text).splitlines()} <= lines


@pytest.mark.parametrize("name", LISTS)
def test_whole_and_part_are_told_apart_by_every_cache(world, client, name):
    for headers in ({}, HTMX):
        response = client.get(reverse(name), headers=headers)
        assert {"HX-Request", "HX-History-Restore-Request"} <= {
            word.strip() for word in response["Vary"].split(",")
        }
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("more", ["HX-History-Restore-Request", "HX-Boosted"])
def test_going_back_in_the_history_gets_the_whole_page(world, client, name, more):
    response = client.get(reverse(name), headers={**HTMX, more: "true"})
    assert "<html" in response.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_who_may_not_open_the_page_gets_no_part_of_it(world, client, name):
    url = reverse(name)
    student = client_of(world.berk.logins[0]).get(url, headers=HTMX)
    assert student.status_code == 403
    assert 'id="results"' not in student.content.decode()
    client.logout()
    nobody = client.get(url, headers=HTMX)
    assert (nobody.status_code, nobody.content) == (204, b"")
    assert nobody["HX-Redirect"] == reverse(settings.LOGIN_URL)


@pytest.mark.parametrize("name", LISTS)
def test_a_part_holds_the_own_school_only(world, name):
    text = client_of(world.els.coordinator).get(reverse(name), headers=HTMX).content.decode()
    assert "Berk" not in text


def press(client, student, place, **headers):
    data = {
        "student": student.public_id,
        "place": place.public_id if place else "",
        "next": reverse("placements:board") + "?staat=nothing&page=7&q=cem",
    }
    return client.post(reverse("placements:match"), data, headers={**HTMX, **headers})


def test_a_match_answers_with_the_students_line_and_the_counts(world, client):
    student = world.berk.students[2]
    response = press(client, student, world.berk.places[0])
    text = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r'<article class="card dense" id="leerling-(\w+)"', tight(text)) == [
        student.public_id
    ]
    assert "Cem Berk gaat naar Bakkerij Noord." in text
    assert "Geplaatst" in text
    assert "2 geplaatst" in re.sub(r"<[^>]+>|\s+", " ", text).replace("  ", " ")
    assert "0 van 2 vrij" in text
    assert "<html" not in text
    assert "HX-Request" in response["Vary"]


def test_what_cannot_be_is_told_in_the_line_with_422(world, client):
    full = world.berk.places[0]
    with use(SYSTEM):
        Place.objects.filter(pk=full.pk).update(how_many=1)
    response = press(client, world.berk.students[2], full)
    assert response.status_code == 422
    assert "Bij dit bedrijf is geen plek meer vrij." in response.content.decode()
    response = press(client, world.berk.students[2], None)
    assert response.status_code == 422
    assert "Kies eerst een plek." in response.content.decode()
    with use(SYSTEM):
        assert not Placement.objects.filter(student=world.berk.students[2]).exists()


def test_the_message_is_in_the_line_and_told_once(world, client):
    press(client, world.berk.students[2], second_place(world))
    assert "gaat naar" not in client.get(reverse("placements:board")).content.decode()


def test_strangers_students_have_no_line(world, client):
    assert press(client, world.els.students[2], world.berk.places[0]).status_code == 404
    assert press(client, world.berk.students[2], world.els.places[0]).status_code == 404


def test_no_page_of_students_or_companies_swaps_anything():
    """Their pages work on the cheapest phone, and are kept for when the network is away."""
    swapping = set()
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        if re.search(r"layouts/(phone|company|plain)\.html", text):
            swapping |= {path.name} if "ui/htmx.html" in text or "swap_results" in text else set()
    assert swapping == set()
