"""The school's own text: what is in force is copied, what was copied stays."""

import pytest
from django.urls import reverse, reverse_lazy

from placements.agreements import merge_fields, words
from placements.agreements.articles import DEFAULT_ARTICLES
from placements.agreements.models import AgreementArticle, ArticleTemplate
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of
from tests.markup import tight
from tests.placements.agreements import started


def titles(school):
    with use(SYSTEM):
        return [row.title for row in ArticleTemplate.objects.filter(school=school)]


@pytest.fixture
def coordinator(world):
    client = client_of(world.berk.coordinator)
    client.get(reverse("agreements:template_edit"))
    return client


DEFAULT = [article.title for article in DEFAULT_ARTICLES]


def test_the_default_text_uses_known_fields_only_and_names_parties():
    assert 18 <= len(DEFAULT_ARTICLES) <= 22
    for article in DEFAULT_ARTICLES:
        assert merge_fields.unknown_fields(article.text) == []
        assert article.parties


def test_opening_the_page_gives_the_default_text_once(world, coordinator):
    coordinator.get(reverse("agreements:template_edit"))
    assert titles(world.berk.school) == DEFAULT
    assert titles(world.els.school) == []


def test_a_change_holds_for_new_agreements_only(world, coordinator):
    agreement = started(world)
    data = {"title": "Nieuwe titel", "text": "Voor {leerling}.", "parties": ["school"]}
    coordinator.post(reverse("agreements:template_article", args=[1]), data)
    assert titles(world.berk.school)[0] == "Nieuwe titel"
    with use(SYSTEM):
        copied = AgreementArticle.objects.get(agreement=agreement, number=1)
    assert copied.title == DEFAULT[0]


def test_an_unknown_field_is_refused(world, coordinator):
    data = {"title": "Titel", "text": "Voor {leerlng}.", "parties": ["school"]}
    answer = coordinator.post(reverse("agreements:template_article", args=[1]), data)
    assert answer.status_code == 422
    assert "{leerlng}" in answer.content.decode()
    assert titles(world.berk.school) == DEFAULT


PAGE = reverse_lazy("agreements:template_edit")
EXTRA = {"title": "Extra", "text": "Tekst", "parties": ["school"]}


def test_move_add_remove_and_reset(world, coordinator):
    moved = coordinator.post(PAGE, {"number": "2", "action": "up"})
    assert titles(world.berk.school)[:2] == [DEFAULT[1], DEFAULT[0]]
    assert moved["Location"] == f"{PAGE}#artikel-1"
    coordinator.post(PAGE, {"number": "1", "action": "up"})  # there is nothing above
    coordinator.post(reverse("agreements:template_remove", args=[1]))
    assert titles(world.berk.school) == [DEFAULT[0], *DEFAULT[2:]]
    last = len(DEFAULT) - 1
    added = coordinator.post(reverse("agreements:template_add"), {**EXTRA, "after": last})
    assert added["Location"] == f"{PAGE}#artikel-{len(DEFAULT)}"
    assert titles(world.berk.school)[-1] == "Extra"
    with use(SYSTEM):
        numbers = ArticleTemplate.objects.filter(school=world.berk.school)
        assert [row.number for row in numbers] == list(range(1, len(DEFAULT) + 1))
    assert coordinator.get(reverse("agreements:template_reset")).status_code == 200
    coordinator.post(reverse("agreements:template_reset"))
    assert titles(world.berk.school) == DEFAULT


@pytest.mark.parametrize(("after", "place"), [(0, 0), (3, 3), (len(DEFAULT), len(DEFAULT))])
def test_an_article_is_added_where_it_goes(world, coordinator, after, place):
    add = reverse("agreements:template_add")
    page = coordinator.get(f"{add}?na={after}")
    assert page.context["form"]["after"].value() == after
    coordinator.post(add, {**EXTRA, "after": after})
    wanted = [*DEFAULT[:place], "Extra", *DEFAULT[place:]]
    assert titles(world.berk.school) == wanted
    with use(SYSTEM):
        numbers = ArticleTemplate.objects.filter(school=world.berk.school)
        assert [row.number for row in numbers] == list(range(1, len(wanted) + 1))


@pytest.mark.parametrize("strange", ["", "x", "-1", "99", "9" * 30, "²"])
def test_a_strange_place_to_add_at_is_refused(world, coordinator, strange):
    add = reverse("agreements:template_add")
    assert coordinator.get(add, {"na": strange}).status_code == 200
    assert coordinator.post(add, {**EXTRA, "after": strange}).status_code == 422
    assert titles(world.berk.school) == DEFAULT


def test_removing_asks_first_and_can_be_undone_once(world, coordinator):
    remove = reverse("agreements:template_remove", args=[3])
    assert DEFAULT[2] in coordinator.get(remove).content.decode()
    assert titles(world.berk.school) == DEFAULT
    with use(SYSTEM):
        before = list(ArticleTemplate.objects.filter(school=world.berk.school).values(*EXTRA))
    page = coordinator.post(remove, follow=True).content.decode()
    back = reverse("agreements:template_restore")
    assert titles(world.berk.school) == [*DEFAULT[:2], *DEFAULT[3:]]
    assert back in page
    assert coordinator.post(back)["Location"] == f"{PAGE}#artikel-3"
    coordinator.post(back)
    with use(SYSTEM):
        rows = ArticleTemplate.objects.filter(school=world.berk.school)
        assert list(rows.values(*EXTRA)) == before


def test_what_was_removed_at_one_school_does_not_come_back_at_another(world, coordinator):
    coordinator.post(reverse("agreements:template_remove", args=[1]))
    elsewhere = client_of(world.els.coordinator)
    elsewhere.get(PAGE)
    session = elsewhere.session
    session["removed_article"] = coordinator.session["removed_article"]
    session.save()
    elsewhere.post(reverse("agreements:template_restore"))
    assert titles(world.els.school) == DEFAULT


def test_the_text_reads_as_text_with_words_for_what_is_filled_in(coordinator):
    page = tight(coordinator.get(PAGE).content.decode())
    assert '<span class="blank">naam van de leerling</span>loopt stage bij' in page
    assert "{leerling}" not in page
    assert page.count("<article") == len(DEFAULT)


def test_pieces_keep_what_is_no_field():
    assert merge_fields.pieces("{klas} & {dit} {niet") == [
        ("", "klas"),
        (" & ", ""),
        ("{dit}", ""),
    ] + [(" {niet", "")]


@pytest.mark.parametrize(
    ("numbers", "written"),
    [([1], "maandag"), ([1, 2], "maandag en dinsdag"), ([1, 2, 5], "maandag, dinsdag en vrijdag")],
)
def test_weekdays_in_words(numbers, written):
    assert words.weekdays(numbers) == written


def test_what_is_not_known_becomes_dots():
    assert merge_fields.fill_in("Van {begintijd} tot {eindtijd}.", {"begintijd": "08:30"}) == (
        "Van 08:30 tot …."
    )
    assert words.euros(1_000_000) == "€ 1.000.000"
