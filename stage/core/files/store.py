"""Private files: cleaned, stored under a random name, served after a policy was asked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone

from stage.core.files import kinds, media
from stage.core.models import StoredFile
from stage.core.record import audit

IMAGE_TYPES = ("image/jpeg", "image/png")


@dataclass(frozen=True)
class Owner:
    """Of whom a file is: the tenant columns its row gets, which decide who may see it."""

    region_id: int
    school_id: int | None = None
    student_id: int | None = None
    company_id: int | None = None

    @classmethod
    def about(cls, row) -> Owner:
        """Of whom a placement, or a row that hangs on one, is."""
        return cls(row.school.region_id, row.school_id, row.student_id, row.company_id)


def may_open(actor, file: StoredFile) -> bool:
    """Whether the kind's own policy lets this actor open a file it can see."""
    return kinds.is_known(file.kind) and bool(kinds.kind_named(file.kind).may_open(actor, file))


def store_upload(upload: UploadedFile, *, kind: str, owner: Owner, actor) -> StoredFile:
    """Clean an upload of a type that its kind takes and keep it.

    Raises `media.FileRefused` with what to do.
    """
    clean = media.clean_upload(upload.read(), upload.name or "", kinds.kind_named(kind).takes)
    name = media.download_name(upload.name or "bestand", clean.content_type)
    return store_bytes(
        clean.data, name=name, content_type=clean.content_type, kind=kind, owner=owner, actor=actor
    )


@transaction.atomic
def store_bytes(
    data: bytes, *, name: str, content_type: str, kind: str, owner: Owner, actor
) -> StoredFile:
    """Keep bytes that are already known to be safe (made by us, or cleaned).

    Raises `LookupError` for a kind that no app registered.
    """
    known = kinds.kind_named(kind)
    path = _write(data, media.SUFFIXES.get(content_type, ".bin"))
    thumbnail = ""
    if content_type in IMAGE_TYPES:
        thumbnail = _write(media.thumbnail(data).data, ".jpg")
    file = StoredFile.objects.create(
        region_id=owner.region_id,
        school_id=owner.school_id,
        student_id=owner.student_id,
        company_id=owner.company_id,
        kind=known.name,
        name=name[:120],
        path=path,
        thumbnail_path=thumbnail,
        content_type=content_type,
        size=len(data),
        digest=hashlib.sha256(data).hexdigest(),
    )
    audit.record(actor, "file_stored", file)
    return file


def _write(data: bytes, suffix: str) -> str:
    name = secrets.token_hex(16) + suffix
    relative = f"{name[:2]}/{name}"
    target = Path(settings.FILES_ROOT) / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return relative


def read(file: StoredFile) -> bytes:
    """The bytes of a stored file."""
    return (Path(settings.FILES_ROOT) / file.path).read_bytes()


@transaction.atomic
def remove(file: StoredFile, *, actor) -> None:
    """Take a file away for everybody at once; the bytes go after the commit."""
    StoredFile.objects.filter(pk=file.pk).update(removed_at=timezone.now())
    audit.record(actor, "file_removed", file)
    root = Path(settings.FILES_ROOT)
    for path in filter(None, (file.path, file.thumbnail_path)):
        transaction.on_commit(partial((root / path).unlink, missing_ok=True))


def serve(file: StoredFile, *, thumbnail: bool = False) -> HttpResponse | FileResponse:
    """The response for a file the actor may open: images in the page, the rest as a download."""
    path = file.thumbnail_path if thumbnail and file.thumbnail_path else file.path
    as_image = file.content_type in IMAGE_TYPES
    content_type = "image/jpeg" if path == file.thumbnail_path else file.content_type
    if settings.FILES_BEHIND_NGINX:
        response: HttpResponse | FileResponse = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"/private/{path}"
    else:
        target = Path(settings.FILES_ROOT) / path
        if not target.is_file():
            raise Http404
        response = FileResponse(target.open("rb"), content_type=content_type)
    disposition = "inline" if as_image else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
