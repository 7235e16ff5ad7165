"""Stored files: who may open them, and that it is noted."""

from django.test import Client
from django.urls import reverse

from stage.core.enums import FileKind
from stage.core.files.store import Owner, policy_for, remove, store_bytes
from stage.core.models import AuditEntry, StoredFile
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import ALLOWED, Denied
from tests.clients import client_of, client_of_contact, client_of_guardian


def file_of(world, student=None, kind=FileKind.DOCUMENT) -> StoredFile:
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


def test_a_removed_file_is_gone_and_a_kind_s_policy_may_refuse(world, monkeypatch):
    file, client = file_of(world), client_of(world.berk.coordinator)
    url = reverse("web:file_open", args=[file.public_id])
    monkeypatch.setattr("stage.core.files.store._POLICIES", {})
    policy_for(FileKind.DOCUMENT)(lambda actor, row: Denied("nee"))
    assert client.get(url).status_code == 403
    policy_for(FileKind.DOCUMENT)(lambda actor, row: ALLOWED)
    b"".join(client.get(url).streaming_content)
    with use(world.actor(world.berk.coordinator).scope):
        remove(file, actor=world.actor(world.berk.coordinator))
    assert client.get(url).status_code == 404


def test_the_school_s_logo_opens_for_its_students_and_no_other_file_of_the_school(world):
    actor = world.actor(world.berk.coordinator)
    found = {}
    for kind in (FileKind.LOGO, FileKind.IMPORT, FileKind.DOCUMENT):
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
        assert client.get(urls[FileKind.DOCUMENT]).status_code == 404
    assert client_of(world.els.logins[0]).get(urls[FileKind.LOGO]).status_code == 404
    # The database's wall alone, without the code's.
    with use(world.actor(world.berk.logins[0]).scope):
        assert list(StoredFile.objects.values_list("pk", flat=True)) == [found[FileKind.LOGO].pk]
