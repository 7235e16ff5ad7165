"""What a person says of single cells and lines of a list, before anything of it comes in.

Kept with the job, and looked at each time the list is checked; the file itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from stage.core.record import audit
from stage.core.who.policies import require
from stage.core.work.long_jobs import MAX_ATTEMPTS, wake_worker
from stage.schools.enums import ImportState
from stage.schools.imports.jobs import check_again, own_import
from stage.schools.imports.reader import MAX_CELL
from stage.schools.models import ImportJob

Kind = tuple[str, str]  # name of a field, and the message beside it


@dataclass(frozen=True)
class Mend:
    """Cells as typed by line and field, lines to leave out or take back, kinds to leave empty.

    `pick`: lines that are right, of the lines that say to be the same one.
    """

    cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    out: Collection[int] = ()
    back: Collection[int] = ()
    blank: Collection[Kind] = ()
    unblank: Collection[Kind] = ()
    pick: Collection[int] = ()


@transaction.atomic
def mend_import(job: ImportJob, mend: Mend, *, actor) -> None:
    """Add to what was said of a list, and have it checked again.

    What the page did not ask about is left out of account, so that who looks at an older page
    undoes nothing of a colleague's. Raises NotAllowed, Conflict once it is being read in.
    """
    require(own_import, actor, job)
    row = ImportJob.objects.select_for_update().get(pk=job.pk)
    sources: tuple[str, ...] = (ImportState.CHECKED, ImportState.UPLOADED)
    if row.state == ImportState.CHECKING and row.attempts < MAX_ATTEMPTS:
        # The worker that looks at it finds that it lost it; the next one begins anew.
        ImportJob.objects.filter(pk=row.pk).update(
            state=ImportState.UPLOADED, claimed_at=None, choices=_said(row, mend)
        )
        audit.record(actor, "import_mended", job, fields=("choices",))
        wake_worker(row)
        return
    check_again(row, sources, choices=_said(row, mend))
    job.state = row.state
    audit.record(actor, "import_mended", job, fields=("choices",))


def _said(row: ImportJob, mend: Mend) -> dict[str, Any]:
    """What is said of the list from now on."""
    choices, result = dict(row.choices), row.result
    cells = {line: dict(typed) for line, typed in choices.get("cells", {}).items()}
    asked = {(e["line"], e.get("field", "")): e.get("cell", "") for e in result.get("errors", [])}
    asked |= {(m["line"], m["field"]): m["now"] for m in result.get("mended", [])}
    for line, typed in mend.cells.items():
        for name, text in typed.items():
            text = text[:MAX_CELL].strip()
            if asked.get((line, name), text) != text:
                cells.setdefault(str(line), {})[name] = text
    shown = {line for line, _name in asked} | {told["line"] for told in result.get("out", [])}
    out = set(choices.get("out", [])) - (set(mend.back) & shown) | (set(mend.out) & shown)
    for clash in result.get("clashes", []):
        if picked := set(clash["lines"]) & set(mend.pick):
            out = out - picked | (set(clash["lines"]) - picked)
    kinds = {(kind["field"], kind["message"]) for kind in result.get("kinds", [])}
    blank = {(name, message) for name, message in choices.get("blank", [])}
    blank = (blank | (kinds & set(mend.blank))) - set(mend.unblank)
    said = {"cells": cells, "out": sorted(out), "blank": sorted(map(list, blank))}
    return {**choices, **said}
