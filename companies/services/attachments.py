"""The one file that goes along with a letter."""

from __future__ import annotations

from companies.enums import FileKind
from companies.models import Campaign
from stage.core.files import store as files
from stage.core.models import StoredFile


def keep_attachment(campaign: Campaign, upload, *, actor) -> StoredFile:
    """Clean an upload and keep it for this letter. Raises `media.FileRefused`."""
    owner = files.Owner(region_id=campaign.school.region_id, school_id=campaign.school_id)
    return files.store_upload(upload, kind=FileKind.ATTACHMENT, owner=owner, actor=actor)


def let_go(file: StoredFile | None, *, actor) -> None:
    """Take a file away that no letter carries any more; a copied letter may carry it too."""
    if file is not None and not Campaign.objects.filter(attachment=file).exists():
        files.remove(file, actor=actor)
