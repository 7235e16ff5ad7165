"""Stored files: who may open them, and that it is noted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from stage.core.files import kinds
from stage.core.files.media import FileRefused
from stage.core.files.store import Owner, remove, store_bytes, store_upload
from stage.core.models import AuditEntry, StoredFile
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import ALLOWED, Denied
from stage.schools.enums import FileKind
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.world import let_be

PLAIN = "plain"  # a kind of this test's own: whoever sees the row opens it


@pytest.fixture(autouse=True)
def _plain_kind(monkeypatch):
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))
    kinds.register(PLAIN, takes=("pdf",))(lambda actor, file: ALLOWED)


def file_of(world, student=None, kind=PLAIN) -> StoredFile:
    student = student or world.berk.students[0]
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        owner = Owner(world.noord.region.pk, world.berk.school.pk, student.pk)
        return store_bytes(
            b"%PDF-1.7 brief",
            name="brief.pdf",
            content_type="application/pdf",
            kind=kind,
            owner=owner,
            actor=actor,
        )


def test_a_file_opens_for_its_student_and_is_noted(world):
    file = file_of(world)
    response = client_of(world.berk.logins[0]).get(reverse("web:file_open", args=[file.public_id]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 brief"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "private, no-store"
    with use(SYSTEM):
        entry = AuditEntry.objects.get(verb="saw")
        assert (entry.object_id, entry.student_number) == (file.pk, world.berk.students[0].pk)


def test_a_file_of_a_classmate_or_another_school_does_not_exist(world):
    url = reverse("web:file_open", args=[file_of(world).public_id])
    for client in (
        client_of(world.berk.logins[1]),
        client_of(world.els.coordinator),
        client_of_guardian(world.berk.guardians[1]),
        client_of_contact(world.noord.contacts[0]),
    ):
        assert client.get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_removed_file_is_gone_and_a_kind_s_policy_may_refuse(world):
    file, client = file_of(world), client_of(world.berk.coordinator)
    url = reverse("web:file_open", args=[file.public_id])
    kinds.register(PLAIN, takes=("pdf",))(lambda actor, row: Denied("nee"))
    assert client.get(url).status_code == 403
    kinds.register(PLAIN, takes=("pdf",))(lambda actor, row: ALLOWED)
    b"".join(client.get(url).streaming_content)
    with use(world.actor(world.berk.coordinator).scope):
        remove(file, actor=world.actor(world.berk.coordinator))
    assert client.get(url).status_code == 404


def test_the_school_s_logo_opens_for_its_students_and_no_other_file_of_the_school(world):
    actor = world.actor(world.berk.coordinator)
    found = {}
    for kind in (FileKind.LOGO, FileKind.IMPORT, PLAIN):
        with use(actor.scope):
            found[kind] = store_bytes(
                b"%PDF-1.7 logo",
                name="logo.pdf",
                content_type="application/pdf",
                kind=kind,
                owner=Owner(world.noord.region.pk, world.berk.school.pk),
                actor=actor,
            )
    urls = {k: reverse("web:file_open", args=[f.public_id]) for k, f in found.items()}
    for client in (client_of(world.berk.logins[0]), client_of_guardian(world.berk.guardians[0])):
        response = client.get(urls[FileKind.LOGO])
        assert b"".join(response.streaming_content) == b"%PDF-1.7 logo"
        assert client.get(urls[FileKind.IMPORT]).status_code == 404
        assert client.get(urls[PLAIN]).status_code == 404
    assert client_of(world.els.logins[0]).get(urls[FileKind.LOGO]).status_code == 404
    # The database's wall alone, without the code's.
    with use(world.actor(world.berk.logins[0]).scope):
        assert list(StoredFile.objects.values_list("pk", flat=True)) == [found[FileKind.LOGO].pk]


def test_a_kind_that_no_app_registered_is_not_stored_and_not_opened(world):
    file = file_of(world)
    del kinds._KINDS[PLAIN]
    url = reverse("web:file_open", args=[file.public_id])
    assert client_of(world.berk.coordinator).get(url).status_code == 403
    with pytest.raises(LookupError):
        file_of(world)


def test_a_kind_takes_the_types_it_says(world):
    actor = world.actor(world.berk.coordinator)
    owner = Owner(world.noord.region.pk, world.berk.school.pk)
    upload = SimpleUploadedFile("brief.pdf", b"%PDF-1.7\n%%EOF")
    with use(actor.scope), pytest.raises(FileRefused, match="foto"):
        store_upload(upload, kind=FileKind.LOGO, owner=owner, actor=actor)


@pytest.mark.parametrize("kind", [k.name for k in kinds.all_kinds()])
def test_code_and_database_say_the_same_of_who_sees_a_kind(world, kind):
    """Every kind, of the school alone and of a student at a company, for everybody it may reach."""
    sw, company = world.berk, world.noord.companies[0]
    pupil = Owner(world.noord.region.pk, sw.school.pk, sw.students[0].pk, company.pk)
    with use(SYSTEM):
        for owner in (Owner(world.noord.region.pk, sw.school.pk), pupil):
            store_bytes(b"x", name="x", content_type="x", kind=kind, owner=owner, actor=None)
        let_be(world.noord.contacts[0], ["signatory"])
    actors = [
        world.actor(sw.logins[0]),
        world.actor(sw.logins[1]),
        world.company_actor(world.noord.contacts[0]),
        world.company_actor(world.noord.supervisors[0]),
    ]
    for actor in actors:
        with use(actor.scope):
            walled = set(StoredFile.objects.values_list("pk", flat=True))
            assert set(StoredFile.objects.visible_to(actor).values_list("pk", flat=True)) == walled
    rules = kinds.kind_named(kind)
    with use(actors[1].scope):
        assert StoredFile.objects.exists() == rules.of_school
    with use(actors[2].scope):
        assert StoredFile.objects.exists() == rules.of_signatories
