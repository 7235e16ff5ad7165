"""The picture of a company: who puts it there, who sees it, and what becomes of it."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image

from companies.models import Company
from stage.core.files import media
from stage.core.models import StoredFile
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of, client_of_contact, client_of_guardian

WORDS = "De bakkers voor de oven"


def photo(colour: str = "teal", kind: str = "JPEG") -> SimpleUploadedFile:
    out = BytesIO()
    image = Image.effect_noise((900, 600), 90).convert("RGB")
    Image.blend(image, Image.new("RGB", image.size, colour), 0.4).save(out, kind)
    return SimpleUploadedFile("gevel.jpg", out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def company(world, settings, tmp_path) -> Company:
    settings.FILES_ROOT = str(tmp_path)
    return world.noord.companies[0]


def edit(company: Company) -> str:
    return reverse("companies:picture_edit", args=[company.public_id])


def put(client, company: Company, **more):
    return client.post(edit(company), {"picture": photo(), "words": WORDS, **more})


def stored(company: Company) -> Company:
    with use(SYSTEM):
        return Company.objects.select_related("picture").get(pk=company.pk)


def on_disk() -> int:
    return sum(1 for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file())


@pytest.mark.parametrize("who", ["contact", "coordinator", "bureau"])
def test_it_is_put_there_replaced_and_taken_away(
    world, company, who, django_capture_on_commit_callbacks
):
    client = {
        "contact": lambda: client_of_contact(world.noord.contacts[0]),
        "coordinator": lambda: client_of(world.berk.coordinator),
        "bureau": lambda: client_of(world.noord.bureau),
    }[who]()
    assert "Zonder foto" in client.get(edit(company)).content.decode()
    assert put(client, company).status_code == 302
    first = stored(company)
    assert (first.picture_words, first.picture.kind) == (WORDS, "facade")
    assert first.picture.school_id is first.picture.student_id is None
    assert WORDS in client.get(edit(company)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        put(client, company, picture=photo("red"), words="Rood")
    second = stored(company)
    assert (second.picture_words, second.picture_id != first.picture_id) == ("Rood", True)
    with use(SYSTEM):
        assert StoredFile.objects.get(pk=first.picture_id).removed_at is not None
    assert on_disk() == 2, "a picture and its small copy"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("companies:picture_remove", args=[company.public_id]))
    gone = stored(company)
    assert (gone.picture, gone.picture_words, gone.picture_tiny) == (None, "", "")
    assert on_disk() == 0


def test_the_whole_region_sees_it_and_no_other(world, company):
    put(client_of_contact(world.noord.contacts[0]), company)
    file = stored(company).picture
    url = reverse("web:file_open", args=[file.public_id])
    for client in (
        client_of(world.berk.logins[0]),
        client_of(world.els.logins[0]),
        client_of(world.els.teacher),
        client_of_guardian(world.berk.guardians[0]),
        client_of_contact(world.noord.contacts[0]),
    ):
        answer = client.get(url)
        assert answer["Content-Type"] == "image/jpeg"
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert client_of(world.zuid.bureau).get(url).status_code == 404


def test_the_students_card_and_pages_show_it(world, company):
    put(client_of(world.berk.coordinator), company)
    tiny = stored(company).picture_tiny
    client = client_of(world.berk.logins[0])
    folder = reverse("placements:placement_show", args=[world.berk.placement.public_id])
    page = client.get(folder).content.decode()
    assert f'alt="{WORDS}"' in page
    assert 'loading="lazy"' in page
    list_page = client_of(world.berk.logins[1]).get(reverse("placements:place_browse"))
    assert f"data:image/webp;base64,{tiny}" in list_page.content.decode()


def test_the_square_for_a_page_is_webp_and_small():
    with Image.open(BytesIO(media.tiny(photo().read()))) as image:
        assert (image.format, image.size) == ("WEBP", (64, 64))
    assert len(base64.b64encode(media.tiny(photo().read()))) <= 1200
    assert len(media.tiny(photo().read())) <= 600


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"words": ""}, "words"),
        ({"picture": ""}, "picture"),
        ({"picture": SimpleUploadedFile("x.jpg", b"%PDF-1.4 no")}, "picture"),
        ({"picture": SimpleUploadedFile("x.svg", b"<svg onload='x'/>")}, "picture"),
    ],
)
def test_what_is_no_picture_is_refused_beside_its_field(world, company, typed, field):
    page = put(client_of(world.berk.coordinator), company, **typed)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert stored(company).picture is None


def test_a_company_takes_away_no_file_of_another_or_of_a_school(world, company):
    """In the database: only files of its own that are of no school."""
    put(client_of(world.berk.coordinator), company)
    own = stored(company).picture
    with use(SYSTEM):
        other, of_school = (
            StoredFile.objects.create(
                region=world.noord.region,
                company_id=number,
                school=school,
                kind="facade",
                name="x",
                path="x",
                content_type="image/jpeg",
                size=1,
                digest="x",
            )
            for number, school in (
                (world.noord.companies[1].pk, None),
                (company.pk, world.berk.school),
            )
        )
    actor = world.company_actor(world.noord.contacts[0])
    with use(actor.scope):
        for file, may in ((own, 1), (other, 0), (of_school, 0)):
            rows = StoredFile.objects.filter(pk=file.pk)
            assert rows.update(removed_at="2027-01-01T00:00Z") == may
        with pytest.raises(DatabaseError), transaction.atomic():
            StoredFile.objects.filter(pk=own.pk).update(path="elders")
