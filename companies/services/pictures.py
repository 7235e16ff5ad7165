"""The picture by which a company shows itself to students and schools of its region."""

from __future__ import annotations

import base64

from django.db import transaction

from companies import policies
from companies.enums import FileKind
from companies.models import Company
from stage.core.files import media
from stage.core.files import store as files
from stage.core.record import audit
from stage.core.who.policies import require

_FIELDS = ("picture", "picture_words", "picture_tiny")


@transaction.atomic
def set_picture(company: Company, upload, *, words: str, actor) -> None:
    """Show this picture from now on; the one before is gone. `words`: what is on it.

    Raises NotAllowed, `media.FileRefused`.
    """
    require(policies.may_keep_company, actor, company)
    owner = files.Owner(company.region_id, company_id=company.pk)
    before = company.picture
    made = files.store_upload(upload, kind=FileKind.PICTURE, owner=owner, actor=actor)
    tiny = base64.b64encode(media.tiny(files.read(made))).decode()
    company.picture, company.picture_words, company.picture_tiny = made, words, tiny
    company.save(update_fields=_FIELDS)
    if before is not None:
        files.remove(before, actor=actor)
    audit.record(actor, "company_changed", company, fields=("picture",))


@transaction.atomic
def remove_picture(company: Company, *, actor) -> None:
    """Show no picture any more. Raises NotAllowed."""
    require(policies.may_keep_company, actor, company)
    before = company.picture
    if before is None:
        return
    company.picture, company.picture_words, company.picture_tiny = None, "", ""
    company.save(update_fields=_FIELDS)
    files.remove(before, actor=actor)
    audit.record(actor, "company_changed", company, fields=("picture",))
