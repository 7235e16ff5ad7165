"""Cards are made, fetched as often as needed, and printed when somebody says so."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stage.core.models import AuditEntry, Membership
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who.policies import NotAllowed
from stage.schools.models import LoginCode, Student
from stage.schools.services import cards
from tests.clients import client_of
from tests.web.test_cards import Client, is_in, post

PRINT = reverse("schools:card_print")
LIST = reverse("schools:student_list")


@pytest.fixture
def coordinator(world):
    """Nobody logs in yet, so that a card is all there is."""
    with use(SYSTEM):
        Membership.objects.filter(role="student").update(ended_at=timezone.now())
    return client_of(world.berk.coordinator)


def rows_of(world) -> dict:
    return {"row": [s.public_id for s in world.berk.students]}


def made(client, world) -> str:
    """The address of the sheet of all students' cards."""
    return client.post(PRINT, {**rows_of(world), "confirm": "1"})["Location"]


def codes_in(response) -> set[str]:
    import io

    import pypdfium2

    pages = pypdfium2.PdfDocument(io.BytesIO(response.content))
    text = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)
    return set(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text))


def badges(client) -> list[str]:
    page = client.get(LIST).content.decode()
    return re.findall(r"Nog geen kaart|Kaart niet geprint|Kaart geprint", page.split("<tbody")[1])


def waiting(world) -> int:
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        return sum(t.count for t in todo.for_actor(actor) if t.icon == "id-card")


def test_a_download_that_broke_off_is_done_again_with_the_same_cards(world, coordinator):
    sheet = made(coordinator, world)
    first = codes_in(coordinator.get(sheet + "pdf/"))
    assert len(first) == 3
    assert codes_in(coordinator.get(sheet + "pdf/")) == first
    again = made(coordinator, world)  # from the start, by somebody who saw nothing come
    assert codes_in(coordinator.get(again + "pdf/")) == first
    with use(SYSTEM):
        assert LoginCode.objects.count() == 3
        aya = LoginCode.objects.get(student=world.berk.students[0])
        code = cards.code_of(aya)
    client = Client()
    assert code in first
    assert post(client, code).status_code == 302
    assert is_in(client)


def test_a_card_is_printed_only_when_somebody_says_so(world, coordinator):
    assert (badges(coordinator), waiting(world)) == (["Nog geen kaart"] * 3, 3)
    sheet = made(coordinator, world)
    coordinator.get(sheet + "pdf/")
    assert (badges(coordinator), waiting(world)) == (["Kaart niet geprint"] * 3, 3)
    page = coordinator.get(sheet).content.decode()
    assert "Voor 3 leerlingen" in page
    assert "Bezig met maken" in page
    assert coordinator.post(sheet)["Location"] == LIST
    assert (badges(coordinator), waiting(world)) == (["Kaart geprint"] * 3, 0)
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="login_card_printed").count() == 3
        assert set(LoginCode.objects.values_list("seed", flat=True)) == {""}
    for method, tail in (("get", ""), ("get", "pdf/"), ("post", "")):
        answer = getattr(coordinator, method)(sheet + tail, follow=True)
        assert "al geprint of gebruikt" in answer.content.decode()
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="login_card_printed").count() == 3


def test_a_press_on_an_old_page_does_not_void_cards_that_were_just_printed(world, coordinator):
    page = coordinator.post(PRINT, rows_of(world))
    form = {**rows_of(world), "confirm": "1", "at": page.context["at"]}
    coordinator.post(coordinator.post(PRINT, form)["Location"])  # made and printed
    asked = coordinator.post(PRINT, form)
    assert asked.status_code == 422
    assert "Er is net geprint" in asked.content.decode()
    with use(SYSTEM):
        assert not LoginCode.objects.exclude(stopped_at=None).exists()
    answer = coordinator.post(PRINT, {**form, "at": asked.context["at"]})
    assert answer.status_code == 302  # read it, and means it
    with use(SYSTEM):
        assert LoginCode.objects.exclude(stopped_at=None).count() == 3


def test_who_logs_in_with_a_card_leaves_the_sheet(world, coordinator):
    sheet = made(coordinator, world)
    with use(SYSTEM):
        card = LoginCode.objects.get(student=world.berk.students[1])
        code = cards.code_of(card)
    post(Client(), code, month=2)
    assert len(codes_in(coordinator.get(sheet + "pdf/"))) == 2
    with use(SYSTEM):
        assert LoginCode.objects.get(pk=card.pk).seed == ""


def test_an_expired_card_is_made_anew(world, coordinator):
    first = codes_in(coordinator.get(made(coordinator, world) + "pdf/"))
    with use(SYSTEM):
        LoginCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not first & codes_in(coordinator.get(made(coordinator, world) + "pdf/"))


def test_a_sheet_opens_for_who_guides_its_students(world, coordinator):
    sheet = made(coordinator, world)
    assert client_of(world.berk.teacher).get(sheet).status_code == 200
    for stranger in (world.berk.colleague, world.els.coordinator):
        for tail in ("", "pdf/"):
            assert client_of(stranger).get(sheet + tail).status_code == 404
        assert client_of(stranger).post(sheet).status_code == 404
    actor, code = world.actor(world.berk.colleague), sheet.strip("/").rpartition("/")[2]
    with use(actor.scope), pytest.raises(NotAllowed):
        cards.note_printed(code, actor)


def test_all_that_were_found_are_chosen_also_from_other_pages(world, coordinator):
    page = coordinator.get(LIST).content.decode()
    assert "data-found" not in page
    with use(SYSTEM):
        for n in range(30):
            Student.objects.create(
                school=world.berk.school,
                number=f"5{n:03}",
                first_name=f"Nieuw{n:02}",
                school_class="4K",
                mentor=world.berk.colleague,
                birth_date="2011-01-01",
            )
    page = coordinator.get(f"{LIST}?klas=4K").content.decode()
    assert "Kies alle 30 gevonden" in page
    query = re.search(r'name="found"\s+value="([^"]*)"', page)[1].replace("&amp;", "&")
    asked = coordinator.post(PRINT, {"found": query, "group": world.berk.group.public_id})
    assert asked.context["count"] == 30
    assert {s.school_class for s in asked.context["students"]} == {"4K"}
    everybody = coordinator.post(PRINT, {"found": "&"})
    assert everybody.context["count"] == 33
    teacher = client_of(world.berk.teacher)
    assert teacher.post(PRINT, {"found": "&"}).context["count"] == 3


def test_nobody_ticked_is_nobody_and_not_the_group_of_the_other_button(world, coordinator):
    sent = {"ticked": "1", "group": world.berk.group.public_id}
    assert coordinator.post(PRINT, sent)["Location"] == LIST
