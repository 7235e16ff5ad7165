"""The worker's side of imports: check a list or write it, all rows or none.

What takes a job up, tells how far it is, takes over from a worker that died and gives up is
`stage.core.work.long_jobs`, as for all long work.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stage.core.files import store as files
from stage.core.record import audit
from stage.core.who.actors import Actor
from stage.core.work.long_jobs import Refused, Work, finish, still_mine, work_of
from stage.core.work.progress import Progress
from stage.schools.enums import ImportState
from stage.schools.imports import (
    Checked,
    ImportRefused,
    Mapping,
    RowError,
    check,
    loaders,
    read_table,
)
from stage.schools.imports.jobs import may_import
from stage.schools.imports.refusal import RowsRefused
from stage.schools.models import ImportJob

MAX_ERRORS = 500
PREVIEW_ROWS = 10
TOLD_OF_ROWS = ("doubles", "kept")
LOAD_LOCK = 7_302_001  # pg_advisory_xact_lock: one list at a time per school or region


class _Changed(Exception):
    """What would be written is not what the preview said."""


class _DryRun(Exception):
    """Rolls a rehearsal back."""


def _work(job: ImportJob, actor: Actor) -> None:
    try:
        if job.state == ImportState.CHECKING:
            _check(job, actor)
        else:
            _load_as_said(job, actor)
    except ImportRefused as error:
        raise Refused(error.message) from error
    except RowsRefused as error:
        # Between looking and confirming something changed; look again.
        finish(job, ImportState.CHECKED, result={**job.result, **_row_errors(job, error)})


def _checked(job: ImportJob) -> Checked:
    sheet = loaders.sheet_named(job.sheet)
    table = read_table(files.read(job.file))
    return check(table, sheet, Mapping(dict(job.mapping), [], []))


def _check(job: ImportJob, actor: Actor, *, again: bool = False) -> None:
    """Read every cell, then foresee what writing would do: true counts, nothing kept.

    `again`: it was confirmed, but what it would do is not what was shown.
    """
    checked = _checked(job)
    result: dict[str, Any] = {
        "headings": job.result.get("headings", []),
        "rows": len(checked.rows),
        "preview": [_shown(row) for row in checked.rows[:PREVIEW_ROWS]],
        **_errors(checked.errors),
    }
    if again:
        result["again"] = True
    if checked.ok:
        try:
            result |= _with_lines(_foresee(job, checked, actor), checked)
        except RowsRefused as error:
            result |= _row_errors(job, error, checked)
    finish(job, ImportState.CHECKED, result=result)


def _foresee(job: ImportJob, checked: Checked, actor: Actor) -> dict[str, Any]:
    kind = loaders.list_named(job.sheet)
    if kind.preview is not None:
        return kind.preview(checked.rows, job=job, actor=actor)
    counts: dict[str, Any] = {}
    try:
        with transaction.atomic():
            counts = kind.load(checked.rows, job=job, actor=actor, progress=lambda done: None)
            raise _DryRun
    except _DryRun:
        return counts


def _load_as_said(job: ImportJob, actor: Actor) -> None:
    """Write the rows; where that is no longer what was shown, show it anew instead."""
    try:
        _load(job, actor)
    except _Changed:
        _check(job, actor, again=True)


def _load(job: ImportJob, actor: Actor) -> None:
    """Write all rows in one transaction, together with the state that says so."""
    checked = _checked(job)
    if not checked.ok:
        raise ImportRefused(_("De lijst klopt niet meer. Kies het bestand opnieuw."))
    with Progress(job) as progress, transaction.atomic():
        with connection.cursor() as cursor:
            key = f"{job.region_id}-{job.school_id}"
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOAD_LOCK, key])
        still_mine(job)
        kind = loaders.list_named(job.sheet)
        counts = kind.load(checked.rows, job=job, actor=actor, progress=progress)
        counts = _with_lines(counts, checked)
        if kind.binding and not _was_said(job, counts):
            raise _Changed
        finish(job, ImportState.DONE, result=counts, done=job.total)
        audit.record(actor, "import_done", job)
        files.remove(job.file, actor=actor)


def _with_lines(outcome: dict[str, Any], checked: Checked) -> dict[str, Any]:
    """What is told of single rows, with the line in the file that people count by."""
    for name in TOLD_OF_ROWS:
        for told in outcome.get(name, []):
            told["line"] = checked.lines[told["row"]]
    return outcome


def _was_said(job: ImportJob, outcome: dict[str, Any]) -> bool:
    """Whether the preview told exactly this; its other words are about the file."""
    about_file = {"headings", "rows", "preview", "errors", "error_count", "again"}
    return {k: v for k, v in job.result.items() if k not in about_file} == outcome


def _refused(job: ImportJob, actor: Actor) -> None:
    audit.record(actor, "import_refused", job)
    files.remove(job.file, actor=actor)


def _row_errors(job: ImportJob, error: RowsRefused, checked: Checked | None = None) -> dict:
    checked = checked or _checked(job)
    sheet = loaders.sheet_named(job.sheet)
    return _errors(
        [
            RowError(checked.lines[index], str(sheet.named(name).label), "", message)
            for index, name, message in error.errors
        ]
    )


def _errors(errors: list[RowError]) -> dict[str, Any]:
    return {"errors": [asdict(e) for e in errors[:MAX_ERRORS]], "error_count": len(errors)}


def _shown(row: dict[str, Any]) -> dict[str, str]:
    """A row as the preview shows it: words only, dates as people write them."""
    shown = {}
    for name, value in row.items():
        if hasattr(value, "strftime"):
            value = value.strftime("%d-%m-%Y")
        elif isinstance(value, list | tuple):
            value = ", ".join(str(v) for v in value)
        elif isinstance(value, bool):
            value = _("ja") if value else _("nee")
        if value not in ("", None):
            shown[name] = str(value)
    return shown


work_of(
    ImportJob,
    Work(
        do=_work,
        may=lambda actor, job: may_import(actor, job.sheet),
        refused=_refused,
        not_allowed=gettext_lazy("Wie deze lijst koos, mag die niet meer inlezen."),
        given_up=gettext_lazy("Het inlezen is drie keer gestopt. Er is niets ingelezen."),
    ),
)
