"""What the pages of an import share: whose it is, its steps, and where one goes from it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.schools.imports import loaders
from stage.schools.models import Group, ImportJob


def steps() -> list[str]:
    return [_("Bestand"), _("Kolommen"), _("Controle"), _("Klaar")]


def _again(job: ImportJob) -> str:
    url = reverse("schools:import_start", args=[job.sheet])
    return f"{url}?groep={job.group.public_id}" if job.group else url


def back_url(sheet: str, group: Group | None) -> str:
    """The list the rows come in: that of the group, where one was chosen."""
    kind = loaders.list_named(sheet)
    if group is not None:
        return reverse(kind.group_page, args=[group.public_id])
    return reverse(kind.page)


def back_name(sheet: str, group: Group | None) -> str:
    return group.name if group is not None else str(loaders.sheet_named(sheet).label)


def ways_of(job: ImportJob) -> dict[str, str]:
    """Where one can go from a page of this import."""
    return {
        "back_url": back_url(job.sheet, job.group),
        "back_name": back_name(job.sheet, job.group),
        "again_url": _again(job),
    }


def job_of(actor, public_id: str) -> ImportJob:
    return get_object_or_404(ImportJob.objects.visible_to(actor), public_id=public_id)
