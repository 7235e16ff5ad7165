"""Stored files: only what the actor can see, and what the kind's own policy lets it open."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from stage.core.files import store as files
from stage.core.models import StoredFile
from stage.core.record import audit
from stage.core.who.access import EVERY_ROLE, allow
from stage.core.who.policies import NotAllowed


@allow(*EVERY_ROLE)
def file_open(request, public_id):
    """The file itself."""
    file = _visible_file(request.actor, public_id)
    if file.student_id:
        audit.saw(request.actor, file)
    return files.serve(file)


@allow(*EVERY_ROLE)
def file_thumbnail(request, public_id):
    """A small picture of it, for lists."""
    return files.serve(_visible_file(request.actor, public_id), thumbnail=True)


def _visible_file(actor, public_id: str) -> StoredFile:
    rows = StoredFile.objects.visible_to(actor).filter(removed_at__isnull=True)
    file = get_object_or_404(rows, public_id=public_id)
    if not files.may_open(actor, file):
        raise NotAllowed(_("Dit bestand is niet voor jou."))
    return file
