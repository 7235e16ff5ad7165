"""One file with a letter: cleaned, in each company's mail, taken off and replaced while a draft."""

import io

import pikepdf
import pytest
from django.core import mail as django_mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from companies import services
from companies.models import Campaign
from companies.services.campaigns import remind
from stage.core.mail import delivery
from stage.core.models import StoredFile
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of
from tests.companies.conftest import URL, address_of, draft_of


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def a_pdf(name="Wat stage is.pdf") -> SimpleUploadedFile:
    document, target = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(target)
    return SimpleUploadedFile(name, target.getvalue())


def a_picture(name="leerlingen.png") -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(target, "PNG")
    return SimpleUploadedFile(name, target.getvalue())


def letter(**values) -> dict:
    return {"subject": "Stage", "letter": "Beste [contactpersoon]", **values}


def with_file(world, coordinator) -> Campaign:
    campaign = draft_of(world.berk)
    coordinator.post(address_of(campaign, "wijzigen/"), letter(upload=a_pdf()))
    return fresh(campaign)


def fresh(campaign) -> Campaign:
    with use(SYSTEM):
        return Campaign.objects.select_related("attachment", "school").get(pk=campaign.pk)


def test_the_file_goes_with_every_letter_and_the_test_and_not_with_a_reminder(world, coordinator):
    campaign = with_file(world, coordinator)
    coordinator.post(address_of(campaign, "proefmail/"))
    coordinator.post(address_of(campaign, "versturen/"), {"when": "now"})
    delivery.deliver()
    assert len(django_mail.outbox) == 3
    for sent in django_mail.outbox:
        parts = [p for p in sent.message().walk() if p.get_content_disposition() == "attachment"]
        assert [(p.get_filename(), p.get_content_type()) for p in parts] == [
            ("Wat stage is.pdf", "application/pdf")
        ]
        assert len(pikepdf.open(io.BytesIO(parts[0].get_payload(decode=True))).pages) == 1
    django_mail.outbox.clear()
    with use(world.actor(world.berk.coordinator).scope):
        remind(list(campaign.invitations.all()))
    delivery.deliver()
    assert len(django_mail.outbox) == 2
    assert all(not m.attachments for m in django_mail.outbox)


def test_a_new_letter_takes_a_picture_and_the_preview_shows_it(world, coordinator):
    sent = letter(group=world.berk.group.pk, upload=a_picture())
    response = coordinator.post(f"{URL}nieuw/", sent, follow=True)
    assert "leerlingen.jpg" in response.content.decode()
    with use(SYSTEM):
        file = Campaign.objects.order_by("-pk")[0].attachment
    address = reverse("web:file_open", args=[file.public_id])
    assert address in response.content.decode()
    assert b"".join(coordinator.get(address).streaming_content).startswith(b"\xff\xd8\xff")
    assert client_of(world.els.coordinator).get(address).status_code == 404
    assert client_of(world.berk.logins[0]).get(address).status_code == 404


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("brief.docx", b"PK\x03\x04 a word document"), "PDF"),
        (SimpleUploadedFile("groot.pdf", b"%PDF-1.7" + b" " * 5 * 1024 * 1024), "groter dan 5 MB"),
        (SimpleUploadedFile("leeg.pdf", b""), "leeg"),
    ],
)
@pytest.mark.parametrize("new", [True, False])
def test_what_is_no_good_file_is_said_beside_its_box_and_the_words_stay(
    world, coordinator, upload, said, new
):
    upload.seek(0)
    campaign = draft_of(world.berk)
    where = f"{URL}nieuw/" if new else address_of(campaign, "wijzigen/")
    sent = letter(group=world.berk.group.pk, letter="Mijn eigen woorden", upload=upload)
    response = coordinator.post(where, sent)
    assert response.status_code == 422
    assert said in str(response.context["form"].errors["upload"])
    assert "Mijn eigen woorden" in response.content.decode()
    with use(SYSTEM):
        assert not StoredFile.objects.filter(kind="enclosure").exists()


def test_a_draft_s_file_is_replaced_and_taken_off(world, coordinator):
    campaign = with_file(world, coordinator)
    first = campaign.attachment
    coordinator.post(address_of(campaign, "wijzigen/"), letter(upload=a_picture()))
    second = fresh(campaign).attachment
    assert second.name == "leerlingen.jpg"
    coordinator.post(address_of(campaign, "wijzigen/"), letter())
    assert fresh(campaign).attachment == second
    coordinator.post(address_of(campaign, "wijzigen/"), letter(drop_attachment="on"))
    assert fresh(campaign).attachment is None
    with use(SYSTEM):
        gone = StoredFile.objects.filter(pk__in=[first.pk, second.pk], removed_at=None)
        assert not gone.exists()


def test_after_sending_the_file_stays_as_it_went(world, coordinator):
    campaign = with_file(world, coordinator)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.send_campaign(fresh(campaign), actor=actor)
    coordinator.post(address_of(campaign, "wijzigen/"), letter(drop_attachment="on"))
    assert fresh(campaign).attachment.removed_at is None
