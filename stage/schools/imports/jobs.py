"""Imports as a person meets them: upload, say which column is what, look, confirm or stop.

The work itself (checking and writing) is the worker's: `stage.schools.imports.runs`.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as MappingType

from django.db import transaction
from django.utils.translation import gettext as _

from stage.core.files import kinds
from stage.core.files import store as files
from stage.core.record import audit
from stage.core.who.policies import ALLOWED, Answer, Conflict, Denied, require
from stage.core.work.long_jobs import wake_worker
from stage.schools.enums import FileKind, ImportState
from stage.schools.imports import (
    Mapping,
    Table,
    loaders,
    map_headings,
    normalise_heading,
    read_table,
)
from stage.schools.imports.examining import samples_of
from stage.schools.models import Group, ImportJob, ImportMapping

OPEN = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.MAPPING, ImportState.CHECKED)


def may_import(actor, sheet: str) -> Answer:
    """The coordinator every list, the bureau those of the region."""
    if actor.is_coordinator or (actor.is_bureau and loaders.list_named(sheet).by_bureau):
        return ALLOWED
    return Denied(_("Dit kan alleen de stagecoördinator."))


def own_import(actor, job: ImportJob) -> Answer:
    """The coordinator of the job's school, or the bureau of its region."""
    answer = may_import(actor, job.sheet)
    if not answer:
        return answer
    same = job.school_id == actor.school_id and job.region_id in actor.scope.regions
    return ALLOWED if same else Denied(_("Een collega leest deze lijst in. Vraag die collega."))


@kinds.register(FileKind.IMPORT, takes=())
def _never_served(actor, file) -> Answer:
    return Denied(_("Een importbestand is niet op te vragen."))


def remembered_mapping(actor, sheet: str) -> dict[str, str]:
    """What was said before about headings: normalised heading -> field name, "" to leave out."""
    rows = ImportMapping.objects.visible_to(actor).filter(sheet=sheet)
    return dict(rows.values_list("heading", "field"))


def read_upload(data: bytes, sheet: str, actor) -> tuple[Table, Mapping]:
    """Read an upload before anything of it is kept. Raises ImportRefused (BSN, not a list, …)."""
    table = read_table(data)
    mapping = map_headings(
        table, loaders.sheet_for(sheet, actor.school_id), remembered_mapping(actor, sheet)
    )
    return table, mapping


@transaction.atomic
def start_import(
    data: bytes, *, name: str, sheet: str, actor, group: Group | None = None
) -> ImportJob:
    """Keep an uploaded list and have it checked; asks first about columns nobody said anything of.

    Raises NotAllowed; ImportRefused, with nothing kept.
    """
    answer = may_import(actor, sheet)
    require(lambda _actor, _obj: answer, actor, None)
    table, mapping = read_upload(data, sheet, actor)
    asks = bool(mapping.missing_required or mapping.unasked)
    region = actor.scope.regions[0]
    stored = files.store_bytes(
        data,
        name=name[:120] or "lijst",
        content_type="application/octet-stream",
        kind=FileKind.IMPORT,
        owner=files.Owner(region_id=region, school_id=actor.school_id),
        actor=actor,
    )
    job = ImportJob.objects.create(
        region_id=region,
        school_id=actor.school_id,
        sheet=sheet,
        file=stored,
        group=group,
        mapping=mapping.found,
        result={
            "headings": list(table.headings),
            "samples": samples_of(table, mapping.unknown),
            "unasked": mapping.unasked,
        },
        total=len(table.rows),
        state=ImportState.MAPPING if asks else ImportState.UPLOADED,
        created_by_id=actor.membership,
    )
    audit.record(actor, "import_started", job)
    if job.state == ImportState.UPLOADED:
        wake_worker(job)
    return job


@transaction.atomic
def choose_mapping(job: ImportJob, *, found: MappingType[str, str], actor) -> None:
    """Say which heading is which field (field -> heading), remember it, and have it checked.

    Raises NotAllowed, ValueError for an unknown field or heading, Conflict when it is too late.
    """
    require(own_import, actor, job)
    headings = job.result.get("headings", [])
    names = {f.name for f in loaders.sheet_for(job.sheet, job.school_id).fields}
    if not set(found) <= names or not set(found.values()) <= set(headings):
        raise ValueError("unknown field or heading")
    sources = (ImportState.MAPPING, ImportState.CHECKED)
    check_again(job, sources, mapping=dict(found), choices=_still_said(job, found))
    fields = {heading: name for name, heading in found.items()}
    ImportMapping.objects.bulk_create(
        [
            ImportMapping(
                region_id=job.region_id,
                school_id=job.school_id,
                sheet=job.sheet,
                heading=normalise_heading(heading)[:120],
                field=fields.get(heading, ""),
            )
            for heading in {normalise_heading(h): h for h in headings}.values()
        ],
        update_conflicts=True,
        unique_fields=["region", "school", "sheet", "heading"],
        update_fields=["field"],
    )
    audit.record(actor, "import_columns_chosen", job, fields=found)


def _still_said(job: ImportJob, found: MappingType[str, str]) -> dict:
    """What was said of lines, and of cells of which the column stays; companies may be others."""
    stays = {name for name, heading in found.items() if job.mapping.get(name) == heading}
    cells = {
        line: kept
        for line, typed in job.choices.get("cells", {}).items()
        if (kept := {name: text for name, text in typed.items() if name in stays})
    }
    blank = [kind for kind in job.choices.get("blank", []) if kind[0] in stays]
    said = {"cells": cells, "out": job.choices.get("out", []), "blank": blank}
    return {name: value for name, value in said.items() if value}


def same_rows(job: ImportJob) -> set[int]:
    """The rows of which somebody said: that is the same company."""
    return {double["row"] for double in job.result.get("doubles", []) if double["same"]}


@transaction.atomic
def choose_doubles(job: ImportJob, *, same: Collection[int], actor) -> None:
    """Say which possible doubles are the same company; the others are left out.

    The list is checked again, so that the preview says what this choice does. `same`: rows that
    the preview named; others say nothing. Raises NotAllowed, Conflict when it is too late.
    """
    require(own_import, actor, job)
    chosen = {
        # With the company that was shown: should the row lead to another one, it is left out.
        str(double["line"]): double["company"]
        for double in job.result.get("doubles", [])
        if double["row"] in same
    }
    choices = {**job.choices, "same": chosen}
    check_again(job, (ImportState.CHECKED,), choices=choices)
    audit.record(actor, "import_doubles_chosen", job, fields=("choices",))


def check_again(job: ImportJob, sources: tuple[str, ...], **changes) -> None:
    """Have a list checked anew, in the caller's transaction. Raises Conflict from another state."""
    _move(job, sources, ImportState.UPLOADED, attempts=0, claimed_at=None, **changes)
    wake_worker(job)


@transaction.atomic
def confirm_import(job: ImportJob, *, actor, invite: bool = False, good_only: bool = False) -> None:
    """Let the rows come in: all, or with `good_only` those that are right; in one transaction.

    Raises NotAllowed; Conflict when it was not checked, or has errors and nobody asked for the
    good ones. Pressing twice: the second one finds it running and gets a Conflict.
    """
    require(own_import, actor, job)
    result = job.result
    if result.get("error_count") and not (good_only and result.get("rows")):
        raise Conflict(_("Er staan nog fouten in de lijst. Verbeter die eerst."))
    _move(
        job,
        (ImportState.CHECKED,),
        ImportState.RUNNING,
        done=0,
        attempts=0,
        claimed_at=None,
        invite=invite,
        choices={**job.choices, "good_only": good_only},
    )
    audit.record(actor, "import_confirmed", job)
    wake_worker(job)


def can_be_stopped(job: ImportJob, *, actor) -> bool:
    """Whether `cancel_import` would stop it."""
    return job.state in OPEN and bool(own_import(actor, job))


@transaction.atomic
def cancel_import(job: ImportJob, *, actor) -> None:
    """Stop before anything is written; the file goes. Raises NotAllowed, Conflict."""
    require(own_import, actor, job)
    _move(job, OPEN, ImportState.CANCELLED, result={}, choices={})
    files.remove(job.file, actor=actor)
    audit.record(actor, "import_cancelled", job)


def _move(job: ImportJob, sources: tuple[str, ...], target: str, **changes) -> None:
    rows = ImportJob.objects.filter(pk=job.pk, state__in=sources)
    if not rows.update(state=target, **changes):
        raise Conflict(_("Het inlezen is intussen verder. Bekijk hoe het nu is."))
    job.state = target
    for name, value in changes.items():
        setattr(job, name, value)
