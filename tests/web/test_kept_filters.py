"""A filter that is on can be kept under a name, and opened again with one press."""

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.access import registry
from stage.schools.kept_filters import list_at
from stage.schools.models import KeptFilter, Student
from stage.schools.services import kept_filters
from tests.clients import client_of

STUDENTS, COMPANIES = "schools:student_list", "companies:company_list"


@pytest.fixture
def client(world):
    with use(SYSTEM):
        Student.objects.filter(school=world.berk.school).update(school_class="3A")
    return client_of(world.berk.coordinator)


def keep(client, name="Klas 3A", query="klas=3A", page=STUDENTS):
    data = {"page": page, "query": query, "name": name}
    return client.post(reverse("schools:filter_keep"), data)


def the_one() -> KeptFilter:
    with use(SYSTEM):
        return KeptFilter.objects.get()


def shown(client, url=None) -> list[str]:
    """The names on the chips above a list."""
    page = client.get(url or reverse(STUDENTS)).content.decode()
    found = re.search(r'<nav class="cluster" aria-label="Bewaarde filters">(.*?)</nav>', page, re.S)
    chips = re.findall(r'class="chip"[^>]*>([^<]*)</a>', found[1]) if found else []
    return [chip.strip() for chip in chips]


def sent_from(client, url: str) -> dict:
    """What the form above the list would send."""
    page = client.get(url).content.decode()
    form = re.search(rf'<form[^>]*action="{reverse("schools:filter_keep")}".*?</form>', page, re.S)
    assert form is not None
    hidden = re.findall(r'name="(page|query)" value="([^"]*)"', form[0])
    return {name: value.replace("&amp;", "&") for name, value in hidden}


def test_what_is_on_is_kept_and_opened_with_one_press(client):
    url = reverse(STUDENTS) + "?klas=3A&sort=-name&page=1&format=csv"
    sent = sent_from(client, url)
    assert sent == {"page": STUDENTS, "query": "klas=3A&sort=-name"}
    done = client.post(reverse("schools:filter_keep"), {**sent, "name": "Klas 3A"}, follow=True)
    assert done.redirect_chain[-1][0] == reverse(STUDENTS) + "?klas=3A&sort=-name"
    text = done.content.decode()
    assert "Het filter “Klas 3A” is bewaard." in text
    row = the_one()
    opens = reverse("schools:filter_open", args=[row.public_id])
    assert re.search(rf'href="{opens}"\s+aria-current="true"', text)
    # What is kept already is not offered again.
    assert reverse("schools:filter_keep") not in text
    assert shown(client) == ["Klas 3A"]
    assert client.get(opens)["Location"] == reverse(STUDENTS) + "?klas=3A&sort=-name"


def test_without_a_filter_there_is_nothing_to_keep(client):
    for query in ("", "?sort=-name", "?page=1"):
        page = client.get(reverse(STUDENTS) + query).content.decode()
        assert "Bewaar dit filter" not in page
    refused = keep(client, query="sort=-name&page=2")
    assert refused.status_code == 422
    assert "Kies op de lijst eerst een filter." in refused.content.decode()


def test_what_nobody_understands_is_not_kept(client):
    done = keep(client, query="klas=3A&leerweg=NIETS&zomaar=1&page=7&format=csv")
    assert done["Location"] == reverse(STUDENTS) + "?klas=3A"
    assert the_one().query == "klas=3A"


def test_what_is_gone_when_it_is_opened_is_left_out_and_said(client, world):
    keep(client, query=urlencode({"klas": "3A", "group": world.berk.group.public_id}))
    with use(SYSTEM):
        Student.objects.filter(school=world.berk.school).update(school_class="4A")
    opens = reverse("schools:filter_open", args=[the_one().public_id])
    done = client.get(opens, follow=True)
    left = reverse(STUDENTS) + f"?group={world.berk.group.public_id}"
    assert done.redirect_chain[-1][0] == left
    assert "Een deel van het filter “Klas 3A” bestaat niet meer." in done.content.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Vul een naam in"),
        ("klas 3a", "Je hebt al een filter met deze naam."),
        ("x" * 41, "40"),
    ],
)
def test_a_wrong_name_is_said_beside_its_field(client, name, words):
    keep(client)
    refused = keep(client, name=name, query="q=aya")
    text = refused.content.decode()
    assert refused.status_code == 422
    field = re.search(r'id="kept_name_error".*?</', text, re.S)
    assert field is not None
    assert words in field[0]
    # Nothing that was chosen is lost.
    assert 'value="q=aya"' in text
    assert the_one().name == "Klas 3A"


def test_one_name_may_stand_at_two_lists(client):
    keep(client, name="Mijn")
    assert keep(client, name="Mijn", query="q=bakker", page=COMPANIES).status_code == 302
    assert shown(client) == shown(client, reverse(COMPANIES)) == ["Mijn"]


def test_there_is_room_for_so_many_per_list(client, monkeypatch):
    monkeypatch.setattr(kept_filters, "MOST", 2)
    assert keep(client, name="een").status_code == keep(client, name="twee").status_code == 302
    refused = keep(client, name="drie")
    assert refused.status_code == 422
    assert "Je kunt per lijst 2 filters bewaren." in refused.content.decode()
    assert keep(client, name="drie", query="q=b", page=COMPANIES).status_code == 302


def test_it_is_renamed_and_the_old_name_comes_back(client):
    keep(client)
    keep(client, name="Ander", query="q=aya")
    with use(SYSTEM):
        row = KeptFilter.objects.get(name="Klas 3A")
    url = reverse("schools:filter_rename", args=[row.public_id])
    assert 'value="Klas 3A"' in client.get(url).content.decode()
    assert client.post(url, {"name": "ander"}).status_code == 422
    done = client.post(url, {"name": "Derde"}, follow=True).content.decode()
    assert "Het filter heet nu “Derde”." in done
    undo = re.search(rf'action="({url}\?naam=[^"]*)"', done)
    assert undo is not None
    client.post(undo[1])
    assert shown(client) == ["Ander", "Klas 3A"]


def test_it_is_removed_and_comes_back(client):
    keep(client)
    row = the_one()
    url = reverse("schools:filter_remove", args=[row.public_id])
    assert f'action="{url}"' in client.get(reverse("schools:filter_list")).content.decode()
    done = client.post(url, follow=True).content.decode()
    assert "is verwijderd" in done
    back = reverse("schools:filter_restore", args=[row.public_id])
    assert f'action="{back}"' in done
    assert shown(client) == []
    client.post(back)
    assert shown(client) == ["Klas 3A"]


def test_it_does_not_come_back_over_another_of_that_name(client):
    keep(client)
    row = the_one()
    client.post(reverse("schools:filter_remove", args=[row.public_id]))
    keep(client, query="q=aya")
    back = reverse("schools:filter_restore", args=[row.public_id])
    assert "al een filter met deze naam" in client.post(back, follow=True).content.decode()
    assert shown(client) == ["Klas 3A"]


def test_nobody_else_sees_or_uses_it(client, world):
    keep(client)
    code = the_one().public_id
    for other in (world.berk.teacher, world.els.coordinator, world.noord.bureau):
        stranger = client_of(other)
        if other != world.noord.bureau:
            assert shown(stranger) == []
        assert "Klas 3A" not in stranger.get(reverse("schools:filter_list")).content.decode()
        for name in ("filter_open", "filter_rename"):
            assert stranger.get(reverse(f"schools:{name}", args=[code])).status_code == 404
        for name in ("filter_rename", "filter_remove", "filter_restore"):
            url = reverse(f"schools:{name}", args=[code])
            assert stranger.post(url, {"name": "Van mij"}).status_code == 404
    assert the_one().name == "Klas 3A"
    assert the_one().removed_at is None


def test_the_wall_keeps_another_schools_away(client, world):
    keep(client)
    for other in (world.els.coordinator, world.noord.bureau):
        with use(world.actor(other).scope):
            assert not KeptFilter.objects.exists()


def test_the_bureau_keeps_its_own(world):
    client = client_of(world.noord.bureau)
    assert keep(client, name="Bakkers", query="q=bakker", page=COMPANIES).status_code == 302
    assert shown(client, reverse(COMPANIES)) == ["Bakkers"]
    assert shown(client_of(world.zuid.bureau), reverse(COMPANIES)) == []
    assert shown(client_of(world.berk.coordinator), reverse(COMPANIES)) == []


@pytest.mark.parametrize("page", ["", "nergens", "web:home", "schools:student_show", "admin:index"])
def test_only_a_list_that_keeps_filters_takes_one(client, page):
    assert keep(client, page=page).status_code == 404


def test_a_list_of_others_takes_none(world):
    teacher = client_of(world.berk.teacher)
    assert keep(teacher, query="q=a", page="placements:placement_list").status_code == 404


def test_every_list_that_keeps_filters_shows_them(world):
    """Its template has the tag: with a filter on, it can be kept."""
    names = [n for n, route in registry().items() if getattr(route.view, "kept_as", None)]
    assert len(names) == 13
    clients = [(m, client_of(m)) for m in (world.berk.coordinator, world.noord.bureau)]
    for name in names:
        for member, client in clients:
            page = list_at(name, world.actor(member))
            if page is None:
                continue
            fields = page.form(actor=world.actor(member)).fields
            query = {"q": "Aya"} if "q" in fields else {"klas": "3A"}
            with use(SYSTEM):
                Student.objects.filter(school=world.berk.school).update(school_class="3A")
            text = client.get(f"{page.url}?{urlencode(query)}").content.decode()
            assert text.count(reverse("schools:filter_keep")) == 1, name
