"""A list as it stands: read, checked with what was said of it, and what there is to tell of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from stage.core.files import store as files
from stage.schools.imports import loaders
from stage.schools.imports.checking import Checked, Said, check, shown
from stage.schools.imports.fields import Sheet
from stage.schools.imports.parsers import as_text
from stage.schools.imports.plan import Mapping
from stage.schools.imports.reader import Table, read_table
from stage.schools.models import ImportJob

MAX_ERRORS = 500
MAX_TOLD = 200  # of anything else that is told one by one
PREVIEW_ROWS = 10
EXAMPLES = 3
# What `about_file` tells, apart from what writing the rows would do.
ABOUT_FILE = frozenset(
    ["headings", "samples", "unused", "file_lines", "blank_lines", "rows", "preview", "errors"]
    + ["error_count", "kinds", "clashes", "totals", "empty", "same_lines", "out", "rest"]
    + ["remarks", "mended", "spared", "again", "merged"]
)
# What is still told once the rows are in.
STAYS = ("unused", "file_lines", "blank_lines", "rows", "totals", "empty", "same_lines", "out")


@dataclass(frozen=True)
class Examined:
    """A list that was read and checked."""

    table: Table
    sheet: Sheet
    checked: Checked
    said: Said

    @property
    def rest(self) -> list[int]:
        """The lines that cannot come in as they are."""
        return [line.number for line in self.checked.wrong]


def examine(job: ImportJob, actor) -> Examined:
    """Read a job's list and say what is wrong with it, also what only the database knows.

    Raises ImportRefused.
    """
    sheet, said = loaders.sheet_for(job.sheet, job.school_id), Said.of(job.choices)
    table = read_table(files.read(job.file))
    checked = check(table, sheet, Mapping(dict(job.mapping), [], []), said)
    problems = loaders.list_named(job.sheet).problems
    if problems is not None:
        # Of wrong rows too: mending one thing should not bring up the next.
        rows = [line.row for line in checked.read]
        for index, name, message in problems(rows, job=job, actor=actor):
            checked.read[index].add(sheet, name, message)
    return Examined(table, sheet, checked, said)


def about_file(examined: Examined, job: ImportJob) -> dict[str, Any]:
    """What the page tells of a list before anything of it comes in."""
    table, checked, sheet = examined.table, examined.checked, examined.sheet
    names = {f.name for f in sheet.fields}
    used = {heading for name, heading in job.mapping.items() if name in names}
    good, errors = checked.good, checked.errors
    return {
        "headings": list(table.headings),
        "samples": samples_of(table, [h for h in table.headings if h not in used]),
        "unused": [h for h in table.headings if h not in used],
        "file_lines": len(table.rows),
        "blank_lines": table.empty,
        "rows": len(good),
        "preview": [_shown(line.row) for line in good[:PREVIEW_ROWS]],
        "errors": [
            asdict(error) | {"who": line.who(sheet)}
            for line in checked.wrong
            for error in line.errors
        ][:MAX_ERRORS],
        "error_count": len(errors),
        "kinds": _kinds(errors),
        "clashes": [asdict(clash) for clash in checked.clashes[:MAX_TOLD]],
        "totals": checked.totals,
        "empty": checked.empty,
        "same_lines": checked.same,
        "out": [{"line": line.number, "who": line.who(sheet)} for line in checked.out],
        "rest": examined.rest,
        "remarks": _remarks(checked),
        "mended": _mended(examined, job)[:MAX_TOLD],
        "spared": _spared(checked, sheet),
    }


def samples_of(table: Table, headings: list[str]) -> dict[str, list[str]]:
    """What stands in these columns: the first few values of each."""
    found = {}
    for heading in headings:
        index = table.headings.index(heading)
        values = dict.fromkeys(shown(as_text(row[index])) for row in table.rows if row[index])
        found[heading] = list(values)[:EXAMPLES]
    return found


def _kinds(errors) -> list[dict[str, Any]]:
    """Kinds of errors that may be left empty, each with how often and a few examples."""
    kinds: dict[tuple[str, str], dict[str, Any]] = {}
    for error in errors:
        if not error.optional:
            continue
        new = {"field": error.field, "label": error.column_label, "message": error.message}
        kind = kinds.setdefault((error.field, error.message), {**new, "count": 0, "values": []})
        kind["count"] += 1
        if error.value_shown not in kind["values"] and len(kind["values"]) < EXAMPLES:
            kind["values"].append(error.value_shown)
    return sorted(kinds.values(), key=lambda kind: -kind["count"])


def _remarks(checked: Checked) -> list[dict[str, Any]]:
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for line in checked.good:
        for label, remark, was, now in line.remarks:
            new = {"label": label, "remark": remark, "was": was, "now": now, "count": 0}
            told.setdefault((label, remark), new)["count"] += 1
    return list(told.values())


def _mended(examined: Examined, job: ImportJob) -> list[dict[str, Any]]:
    """Cells typed anew, with what the file has."""
    sheet, table = examined.sheet, examined.table
    at = {number: index for index, number in enumerate(table.line_numbers)}
    labels = {f.name: str(f.label) for f in sheet.fields}
    told = []
    for line, typed in sorted(examined.said.cells.items()):
        for name, now in typed.items():
            heading = job.mapping.get(name)
            if line not in at or name not in labels:
                continue
            was = ""
            if heading is not None:
                was = shown(as_text(table.rows[at[line]][table.headings.index(heading)]))
            told.append(
                {"line": line, "field": name, "label": labels[name], "was": was, "now": now}
            )
    return told


def _spared(checked: Checked, sheet: Sheet) -> list[dict[str, Any]]:
    counts = Counter(kind for line in checked.read for kind in line.spared)
    return [
        {"field": n, "label": str(sheet.named(n).label), "message": message, "count": count}
        for (n, message), count in counts.items()
    ]


def _shown(row: dict[str, Any]) -> dict[str, str]:
    """A row as the preview shows it: words only, dates as people write them."""
    told = {}
    for name, value in row.items():
        if hasattr(value, "strftime"):
            value = value.strftime("%d-%m-%Y")
        elif isinstance(value, list | tuple):
            value = ", ".join(str(v) for v in value)
        if value not in ("", None):
            told[name] = str(value)
    return told
