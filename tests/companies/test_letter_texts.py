"""Letters that are kept, copied and shared with the region, without anything of a person."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from companies.models import Campaign, LetterText
from companies.services import texts
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import NotAllowed
from tests.clients import client_of
from tests.companies.conftest import URL, address_of, draft_of

TEXTS = f"{URL}voorbeelden/"


def text_of(sw, **values) -> LetterText:
    standard = {"name": "Vaste brief", "subject": "Stage bij [naam bedrijf]", "text": "Beste"}
    with use(SYSTEM):
        return LetterText.objects.create(
            school=sw.school,
            region_id=sw.school.region_id,
            created_by=sw.coordinator,
            **{**standard, **values},
        )


def all_texts() -> list[LetterText]:
    with use(SYSTEM):
        return list(LetterText.objects.order_by("pk"))


@pytest.fixture
def neighbour(world):
    """A coordinator of another school in the same region."""
    return client_of(world.els.coordinator)


def test_a_letter_is_kept_once_however_often_one_presses_and_gets_a_name(world, coordinator):
    campaign = draft_of(world.berk, letter="Beste {contactpersoon}. Groet, Coordinator Berk, Berk")
    for _ in range(2):
        response = coordinator.post(address_of(campaign, "bewaren/"))
    [kept] = all_texts()
    assert kept.text == "Beste [contactpersoon]. Groet, [mijn naam], [naam school]"
    assert response["Location"] == f"{TEXTS}{kept.public_id}/wijzigen/"
    words = {"name": "Bakkers", "subject": kept.subject, "text": kept.text}
    coordinator.post(response["Location"], words)
    assert "Bakkers" in coordinator.get(TEXTS).content.decode()
    assert TEXTS in coordinator.get(URL).content.decode()


def test_a_wrong_field_in_an_example_is_said_beside_it(world, coordinator):
    row = text_of(world.berk)
    sent = {"name": "A", "subject": "Stage", "text": "Beste [leerling]"}
    response = coordinator.post(f"{TEXTS}{row.public_id}/wijzigen/", sent)
    assert response.status_code == 422
    assert "[leerling] kennen we niet" in str(response.context["form"].errors["text"])


def test_a_new_letter_begins_with_an_example_or_an_earlier_letter(world, coordinator):
    row = text_of(world.berk, text="Onze eigen woorden")
    before = draft_of(
        world.berk,
        letter="Van vorig jaar, {bedrijf}",
        reminder_days=[3],
        answer_before=timezone.localdate() - timedelta(days=200),
    )
    page = coordinator.get(f"{URL}nieuw/").content.decode()
    assert f"?voorbeeld={row.public_id}" in page
    assert f"?kopie={before.public_id}" in page
    form = coordinator.get(f"{URL}nieuw/?voorbeeld={row.public_id}").context["form"]
    assert (form["letter"].value(), form["subject"].value()) == (row.text, row.subject)
    form = coordinator.get(f"{URL}nieuw/?kopie={before.public_id}").context["form"]
    assert form["letter"].value() == "Van vorig jaar, [naam bedrijf]"
    assert form["reminder_days"].value() == "3"
    assert not form["answer_before"].value()
    group = {"group": world.berk.group.pk, "subject": "Stage", "letter": "Anders"}
    coordinator.post(f"{URL}nieuw/?voorbeeld={row.public_id}", group)
    [kept] = all_texts()
    assert kept.text == "Onze eigen woorden"
    assert kept.used_at > row.used_at


def test_a_copy_takes_the_file_along_and_letting_it_go_leaves_the_other(
    world, coordinator, settings, tmp_path
):
    from tests.companies.test_attachment import a_pdf, fresh

    settings.FILES_ROOT = tmp_path
    first = draft_of(world.berk)
    words = {"subject": "Stage", "letter": "Beste"}
    coordinator.post(address_of(first, "wijzigen/"), {**words, "upload": a_pdf()})
    new = {**words, "group": world.berk.group.pk}
    where = f"{URL}nieuw/?kopie={first.public_id}"
    coordinator.post(where, new)
    coordinator.post(where, {**new, "drop_attachment": "on"})
    with use(SYSTEM):
        bare, copy = Campaign.objects.order_by("-pk").select_related("attachment")[:2]
    assert bare.attachment is None
    assert copy.attachment == fresh(first).attachment
    coordinator.post(address_of(copy, "wijzigen/"), {**words, "drop_attachment": "on"})
    assert fresh(first).attachment.removed_at is None


def test_what_is_shared_the_region_reads_with_the_school_and_nothing_else(
    world, coordinator, neighbour, bureau
):
    own, shared = text_of(world.berk, name="Geheim"), text_of(world.berk, name="Voor allen")
    coordinator.post(f"{TEXTS}{shared.public_id}/delen/", {"share": "1"})
    for reader in (neighbour, bureau):
        page = reader.get(TEXTS).content.decode()
        assert "Voor allen" in page
        assert "Berk" in page
        assert "Geheim" not in page
        assert world.berk.coordinator.name not in page
        read = reader.get(f"{TEXTS}{shared.public_id}/")
        assert read.status_code == 200
        assert world.berk.coordinator.name not in read.content.decode()
        assert reader.get(f"{TEXTS}{own.public_id}/").status_code == 404
    far = client_of(world.iep.coordinator)
    assert "Voor allen" not in far.get(TEXTS).content.decode()
    assert far.get(f"{TEXTS}{shared.public_id}/").status_code == 404
    begun = neighbour.get(f"{URL}nieuw/?voorbeeld={shared.public_id}").context["form"]
    assert begun["subject"].value() == shared.subject
    for tail in ("wijzigen/", "delen/", "weg/"):
        assert neighbour.get(f"{TEXTS}{shared.public_id}/{tail}").status_code == 403
    coordinator.post(f"{TEXTS}{shared.public_id}/delen/")
    assert neighbour.get(f"{TEXTS}{shared.public_id}/").status_code == 404


def test_the_database_too_lets_nobody_write_in_another_schools_example(world):
    shared = text_of(world.berk, shared=True)
    hidden = text_of(world.berk)
    neighbour = world.actor(world.els.coordinator)
    with use(neighbour.scope):
        assert [row.pk for row in LetterText.objects.all()] == [shared.pk]
        assert LetterText.objects.update(text="Anders") == 0
        assert LetterText.objects.filter(pk=shared.pk)._raw_delete("default") == 0
        with pytest.raises(NotAllowed):
            texts.share_text(shared, False, actor=neighbour)
        with pytest.raises(DatabaseError), transaction.atomic():
            LetterText.objects.create(
                school=world.berk.school,
                region=world.noord.region,
                name="x",
                subject="x",
                text="x",
                created_by=world.berk.coordinator,
            )
    with use(world.actor(world.noord.bureau).scope):
        assert [row.pk for row in LetterText.objects.all()] == [shared.pk]
    with use(world.actor(world.iep.coordinator).scope):
        assert not LetterText.objects.exists()
    assert {row.text for row in all_texts()} == {hidden.text}


def test_before_sharing_a_name_an_address_and_a_number_are_pointed_out(world, coordinator):
    row = text_of(
        world.berk,
        text="Groet, docent berk, jan@berk.test, bel 050-123 45 67. Van 12 t/m 19 januari 2027.",
    )
    page = coordinator.get(f"{TEXTS}{row.public_id}/delen/")
    assert page.context["personal"] == ["jan@berk.test", "050-123 45 67", "Docent Berk"]
    assert "Hier lijkt iets van een persoon te staan" in page.content.decode()
    clean = text_of(world.berk, text="Van 12 t/m 19 januari 2027. Groet, [mijn naam]")
    assert coordinator.get(f"{TEXTS}{clean.public_id}/delen/").context["personal"] == []


def test_an_example_is_removed_after_a_question_and_its_letters_stay(world, coordinator):
    row = text_of(world.berk)
    group = {"group": world.berk.group.pk, "subject": "Stage", "letter": "Beste"}
    coordinator.post(f"{URL}nieuw/?voorbeeld={row.public_id}", group)
    where = f"{TEXTS}{row.public_id}/weg/"
    assert coordinator.get(where).status_code == 200
    assert len(all_texts()) == 1
    coordinator.post(where)
    assert all_texts() == []
    assert coordinator.post(where).status_code == 404
    with use(SYSTEM):
        assert Campaign.objects.filter(letter="Beste").exists()


def test_the_list_needs_as_many_queries_for_five_as_for_one(
    world, coordinator, django_assert_max_num_queries
):
    text_of(world.berk)
    with django_assert_max_num_queries(20) as first:
        coordinator.get(TEXTS)
    for n in range(4):
        text_of(world.els if n % 2 else world.berk, name=f"Brief {n}", shared=True)
    with django_assert_max_num_queries(len(first)):
        coordinator.get(TEXTS)
