"""The rows that did not come in, as a list that can be mended and chosen again."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from stage.core.record import audit
from stage.core.who.policies import Conflict, require
from stage.schools.imports.examining import examine
from stage.schools.imports.jobs import own_import
from stage.schools.imports.plan import REASON_HEADING
from stage.schools.models import ImportJob


def give_back(job: ImportJob, *, actor) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows of the lines that are not good, with what was typed and what is wrong.

    The headings are those of the file, so that the list can be chosen again. Raises NotAllowed;
    Conflict where no line is left.
    """
    require(own_import, actor, job)
    rest = set(job.result.get("rest", []))
    if not rest or job.file.removed_at is not None:
        raise Conflict(_("Er zijn geen regels over. Alles is ingelezen of weg."))
    examined = examine(job, actor)
    table, reasons = examined.table, defaultdict(list)
    for error in examined.checked.errors:
        reasons[error.line].append(f"{error.column_label}: {error.message}")
    at = {name: table.headings.index(heading) for name, heading in job.mapping.items()}
    rows = []
    for number, cells in zip(table.line_numbers, table.rows, strict=True):
        if number not in rest:
            continue
        row = list(cells)
        for name, text in examined.said.cells.get(number, {}).items():
            if name in at:
                row[at[name]] = text
        reason = " ".join(reasons[number]) or _("Deze regel is niet ingelezen.")
        rows.append([*row, reason])
    audit.record(actor, "import_given_back", job)
    headings = list(table.headings)
    return [*headings, REASON_HEADING], rows
