"""The school's own text: what is in force is copied, what was copied stays."""

import pytest
from django.urls import reverse

from placements.agreements import merging
from placements.agreements.articles import DEFAULT_ARTICLES
from placements.models import AgreementArticle, ArticleTemplate
from stage.core.tenancy import SYSTEM, use
from tests.clients import client_of
from tests.placements.agreements import started


def titles(school):
    with use(SYSTEM):
        return [row.title for row in ArticleTemplate.objects.filter(school=school)]


@pytest.fixture
def coordinator(world):
    client = client_of(world.berk.coordinator)
    client.get(reverse("placements:template_edit"))
    return client


DEFAULT = [article.title for article in DEFAULT_ARTICLES]


def test_the_default_text_uses_known_fields_only_and_names_parties():
    assert 18 <= len(DEFAULT_ARTICLES) <= 22
    for article in DEFAULT_ARTICLES:
        assert merging.unknown_fields(article.text) == []
        assert article.parties


def test_opening_the_page_gives_the_default_text_once(world, coordinator):
    coordinator.get(reverse("placements:template_edit"))
    assert titles(world.berk.school) == DEFAULT
    assert titles(world.els.school) == []


def test_a_change_holds_for_new_agreements_only(world, coordinator):
    agreement = started(world)
    data = {"title": "Nieuwe titel", "text": "Voor {leerling}.", "parties": ["school"]}
    coordinator.post(reverse("placements:template_article", args=[1]), data)
    assert titles(world.berk.school)[0] == "Nieuwe titel"
    with use(SYSTEM):
        copied = AgreementArticle.objects.get(agreement=agreement, number=1)
    assert copied.title == DEFAULT[0]


def test_an_unknown_field_is_refused(world, coordinator):
    data = {"title": "Titel", "text": "Voor {leerlng}.", "parties": ["school"]}
    answer = coordinator.post(reverse("placements:template_article", args=[1]), data)
    assert answer.status_code == 422
    assert "{leerlng}" in answer.content.decode()
    assert titles(world.berk.school) == DEFAULT


def test_move_add_remove_and_reset(world, coordinator):
    page = reverse("placements:template_edit")
    coordinator.post(page, {"number": "2", "action": "up"})
    assert titles(world.berk.school)[:2] == [DEFAULT[1], DEFAULT[0]]
    coordinator.post(page, {"number": "1", "action": "up"})  # there is nothing above
    coordinator.post(page, {"number": "1", "action": "remove"})
    assert titles(world.berk.school) == [DEFAULT[0], *DEFAULT[2:]]
    data = {"title": "Extra", "text": "Tekst", "parties": ["school"]}
    coordinator.post(reverse("placements:template_add"), data)
    assert titles(world.berk.school)[-1] == "Extra"
    with use(SYSTEM):
        numbers = ArticleTemplate.objects.filter(school=world.berk.school)
        assert [row.number for row in numbers] == list(range(1, len(DEFAULT) + 1))
    assert coordinator.get(reverse("placements:template_reset")).status_code == 200
    coordinator.post(reverse("placements:template_reset"))
    assert titles(world.berk.school) == DEFAULT


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([1], "maandag"), ([1, 2], "maandag en dinsdag"), ([1, 2, 5], "maandag, dinsdag en vrijdag")],
)
def test_weekdays_in_words(numbers, words):
    assert merging.weekdays(numbers) == words


def test_what_is_not_known_becomes_dots():
    assert merging.fill_in("Van {begintijd} tot {eindtijd}.", {"begintijd": "08:30"}) == (
        "Van 08:30 tot …."
    )
    assert merging.euros(1_000_000) == "€ 1.000.000"
