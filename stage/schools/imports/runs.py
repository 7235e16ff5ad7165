"""The worker's side of imports: check a list or write it, all rows or none.

What takes a job up, tells how far it is, takes over from a worker that died and gives up is
`stage.core.work.long_jobs`, as for all long work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from stage.core.files import store as files
from stage.core.record import audit
from stage.core.who.actors import Actor
from stage.core.work.long_jobs import Refused, Work, finish, still_mine, work_of
from stage.core.work.progress import Progress
from stage.schools.enums import ImportState
from stage.schools.imports import Checked, ImportRefused, loaders
from stage.schools.imports.examining import ABOUT_FILE, STAYS, about_file, examine
from stage.schools.imports.jobs import may_import
from stage.schools.imports.refusal import RowsRefused
from stage.schools.models import ImportJob

TOLD_OF_ROWS = ("doubles", "kept")
MADE_BY_ROW = "row "  # how a loader names a company that a row of the same list brings
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


def _check(job: ImportJob, actor: Actor, *, again: bool = False) -> None:
    """Read every cell, then foresee what writing the good rows would do; nothing is kept.

    `again`: it was confirmed, but what it would do is not what was shown.
    """
    examined = examine(job, actor)
    result: dict[str, Any] = about_file(examined, job)
    if again:
        result["again"] = True
    if examined.checked.good:
        with _choices_by_index(job, examined.checked):
            outcome = _foresee(job, examined.checked, actor)
        result |= _with_lines(outcome, examined.checked)
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
    except (_Changed, RowsRefused):
        _check(job, actor, again=True)


def _load(job: ImportJob, actor: Actor) -> None:
    """Write the rows in one transaction, together with the state that says so.

    All of them, or the good ones where somebody asked for those.
    """
    with Progress(job) as progress, transaction.atomic():
        with connection.cursor() as cursor:
            key = f"{job.region_id}-{job.school_id}"
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOAD_LOCK, key])
        still_mine(job)
        examined = examine(job, actor)
        checked, rest = examined.checked, examined.rest
        if rest != job.result.get("rest", []) or (rest and not job.choices.get("good_only")):
            raise _Changed
        kind = loaders.list_named(job.sheet)
        with _choices_by_index(job, checked):
            counts = kind.load(checked.rows, job=job, actor=actor, progress=progress)
        counts = _with_lines(counts, checked)
        if kind.binding and not _was_said(job, counts):
            raise _Changed
        about = about_file(examined, job)
        told = {name: about[name] for name in (*STAYS, "rest")}
        finish(job, ImportState.DONE, result=told | counts, done=job.total)
        audit.record(actor, "import_done", job)
        if not rest:  # what did not come in can still be had back
            files.remove(job.file, actor=actor)


@contextmanager
def _choices_by_index(job: ImportJob, checked: Checked) -> Iterator[None]:
    """What was said of lines, as the loader counts: by the place of a row among the good ones."""
    said, at = job.choices, {number: index for index, number in enumerate(checked.lines)}
    same = {}
    for line, company in said.get("same", {}).items():
        made_by = company.removeprefix(MADE_BY_ROW)
        if company != made_by and int(made_by) in at:
            company = f"{MADE_BY_ROW}{at[int(made_by)]}"
        if int(line) in at:
            same[str(at[int(line)])] = company
    job.choices = {**said, "same": same}
    try:
        yield
    finally:
        job.choices = said


def _with_lines(outcome: dict[str, Any], checked: Checked) -> dict[str, Any]:
    """What is told of single rows, with the line in the file that people count by."""
    lines = checked.lines
    for name in TOLD_OF_ROWS:
        for told in outcome.get(name, []):
            told["line"] = lines[told["row"]]
    for double in outcome.get("doubles", []):
        made_by = double["company"].removeprefix(MADE_BY_ROW)
        if made_by != double["company"]:
            double["company"] = f"{MADE_BY_ROW}{lines[int(made_by)]}"
    counted = sum(outcome.get(name, 0) for name in ("new", "changed", "same", "left_out"))
    return outcome | {"merged": max(0, len(lines) - counted)}


def _was_said(job: ImportJob, outcome: dict[str, Any]) -> bool:
    """Whether the preview told exactly this; its other words are about the file."""
    said, now = ({k: v for k, v in r.items() if k not in ABOUT_FILE} for r in (job.result, outcome))
    return said == now


def _refused(job: ImportJob, actor: Actor) -> None:
    audit.record(actor, "import_refused", job)
    files.remove(job.file, actor=actor)


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
