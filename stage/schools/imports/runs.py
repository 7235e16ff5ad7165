"""The worker's side of imports: claim a job, check it or write it, all rows or none.

A job's state is committed apart from its rows: `running` stands before the first row is written,
`done` in the same transaction as the last. A worker that dies leaves `running` and no rows; after
`STRANDED` another one takes over, and whoever had it before cannot finish any more.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from stage.core.files import store as files
from stage.core.record import audit
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import Actor, actor_of_membership
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
from stage.schools.imports.progress import Progress
from stage.schools.imports.refusal import RowsRefused
from stage.schools.models import ImportJob

logger = logging.getLogger(__name__)

STRANDED = timedelta(minutes=2)
MAX_ATTEMPTS = 3
MAX_ERRORS = 500
PREVIEW_ROWS = 10
TOLD_OF_ROWS = ("doubles", "kept")
LOAD_LOCK = 7_302_001  # pg_advisory_xact_lock: one list at a time per school or region


class Lost(Exception):
    """Another worker took the job over; whatever was written is rolled back."""


class _Changed(Exception):
    """What would be written is not what the preview said."""


class _DryRun(Exception):
    """Rolls a rehearsal back."""


def run_waiting(limit: int = 20) -> int:
    """Check and write what waits, and what a dead worker left behind; returns how many."""
    with use(SYSTEM):
        waiting = list(_waiting().order_by("created_at").values_list("pk", flat=True)[:limit])
    for pk in waiting:
        _run(pk)
    return len(waiting)


def _waiting():
    stale = Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - STRANDED)
    fresh = Q(state=ImportState.UPLOADED)
    return ImportJob.objects.filter(
        fresh | (Q(state__in=[ImportState.CHECKING, ImportState.RUNNING]) & stale)
    )


def _run(pk: int) -> None:
    job = _claim(pk)
    if job is None:
        return
    with use(SYSTEM):
        actor = actor_of_membership(job.created_by)
    with use(actor.scope), override("nl"):
        if job.created_by.ended_at is not None or not may_import(actor, job.sheet):
            _refuse(job, _("Wie deze lijst koos, mag die niet meer inlezen."), actor)
        elif job.attempts > MAX_ATTEMPTS:
            _refuse(job, _("Het inlezen is drie keer gestopt. Er is niets ingelezen."), actor)
        else:
            _work(job, actor)


def _claim(pk: int) -> ImportJob | None:
    """Take a job up, committed before the work starts; None when somebody else was first."""
    with use(SYSTEM), transaction.atomic():
        rows = _waiting().filter(pk=pk)
        _checking = rows.filter(state=ImportState.UPLOADED).update(state=ImportState.CHECKING)
        if not rows.update(attempts=F("attempts") + 1, claimed_at=timezone.now()):
            return None
        return ImportJob.objects.select_related("created_by__school", "school", "file").get(pk=pk)


def _work(job: ImportJob, actor: Actor) -> None:
    try:
        if job.state == ImportState.CHECKING:
            _check(job, actor)
        else:
            _load_as_said(job, actor)
    except Lost:
        logger.info("import %s was taken over", job.pk)
    except ImportRefused as error:
        _refuse(job, error.message, actor)
    except RowsRefused as error:
        # Between looking and confirming something changed; look again.
        _finish(job, ImportState.CHECKED, result={**job.result, **_row_errors(job, error)})
    except DatabaseError:
        # Not an answer to the person yet: another worker tries again, up to MAX_ATTEMPTS.
        logger.exception("import %s failed in the database", job.pk)


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
    _finish(job, ImportState.CHECKED, result=result)


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
        if not _mine(job).exists():
            raise Lost
        kind = loaders.list_named(job.sheet)
        counts = kind.load(checked.rows, job=job, actor=actor, progress=progress)
        counts = _with_lines(counts, checked)
        if kind.binding and not _was_said(job, counts):
            raise _Changed
        _finish(job, ImportState.DONE, result=counts, done=job.total)
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


def _mine(job: ImportJob):
    return ImportJob.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)


def _finish(job: ImportJob, state: str, **changes) -> None:
    """Set the outcome, if this attempt still has the job. Raises Lost."""
    changes |= {"changed_at": timezone.now()}
    if not _mine(job).update(state=state, **changes):
        raise Lost
    job.state = state


def _refuse(job: ImportJob, message: str, actor: Actor) -> None:
    """End a job that cannot go on; the file goes, the person reads why."""
    with transaction.atomic():
        try:
            _finish(job, ImportState.REFUSED, message=message[:300], result={})
        except Lost:
            return
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
