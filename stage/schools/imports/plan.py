"""From a table to checked rows: which column is which field, and what is wrong in which cell."""

import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from stage.core.dutch.names import sort_key
from stage.core.ui import unseen
from stage.schools.imports.bsn import refuse_bsn
from stage.schools.imports.fields import Field, FieldError, Sheet
from stage.schools.imports.parsers import Cell, as_text
from stage.schools.imports.reader import Table

IGNORED = ""  # a remembered column that is left out on purpose
MAX_SHOWN = 60


@dataclass(frozen=True)
class Mapping:
    """`found`: field name → heading. `unknown`: headings that are not used."""

    found: dict[str, str]
    missing_required: list[Field]
    unknown: list[str]


@dataclass(frozen=True)
class RowError:
    """One wrong cell: the line in the file, its column, what stands there, how to mend it."""

    line: int
    column_label: str
    value_shown: str
    message: str


@dataclass(frozen=True)
class Checked:
    """Good rows with every field of the sheet, their lines in the file, and all errors.

    All or nothing: use the rows only when `ok`.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.errors


def normalise_heading(heading: str) -> str:
    """What headings are compared and remembered by: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", sort_key(heading))


def map_headings(
    table: Table, sheet: Sheet, remembered: MappingType[str, str] | None = None
) -> Mapping:
    """Recognise the columns of a table.

    `remembered` is what somebody chose before: normalised heading → field name, or "" to leave the
    column out; it wins over the synonyms. Raises `ImportRefused` when a column holds BSNs.
    """
    refuse_bsn(table)
    chosen = remembered or {}
    names = {candidate.name for candidate in sheet.fields}
    ranks = {
        normalise_heading(synonym): (rank, candidate.name)
        for candidate in reversed(sheet.fields)
        for rank, synonym in reversed(list(enumerate(candidate.synonyms, start=1)))
    }
    best: dict[str, tuple[int, str]] = {}
    for heading in table.headings:
        key = normalise_heading(heading)
        if key in chosen and (chosen[key] in names or chosen[key] == IGNORED):
            rank, name = 0, chosen[key]
        else:
            rank, name = ranks.get(key, (0, IGNORED))
        if name and (name not in best or rank < best[name][0]):
            best[name] = (rank, heading)
    found = {
        candidate.name: best[candidate.name][1]
        for candidate in sheet.fields
        if candidate.name in best
    }
    missing = [
        candidate
        for candidate in sheet.fields
        if candidate.required
        and candidate.name not in found
        and sheet.instead.get(candidate.name) not in found
    ]
    used = set(found.values())
    return Mapping(found, missing, [name for name in table.headings if name not in used])


def check(table: Table, sheet: Sheet, mapping: Mapping) -> Checked:
    """Read every cell; a row with an error is not among the rows.

    A row has every field of the sheet (but those that only help, see `Sheet.complete`); what its
    file lacks is empty. Raises `ImportRefused` when a column holds BSNs, `ValueError` when a
    required column is missing.
    """
    refuse_bsn(table)
    if mapping.missing_required:
        raise ValueError("a required column is missing")
    checked = Checked()
    columns = [
        (candidate, table.headings.index(mapping.found[candidate.name]))
        for candidate in sheet.fields
        if candidate.name in mapping.found
    ]
    seen: dict[tuple[Any, ...], int] = {}
    for line, cells in zip(table.line_numbers, table.rows, strict=True):
        row, errors = _read_row(sheet, columns, cells, line)
        # All that is wrong with a row is told at once.
        told = {error.column_label for error in errors}
        errors += [e for e in _complete(sheet, row, line) if e.column_label not in told]
        if not errors:
            errors = _duplicates(sheet, row, line, seen)
        if errors:
            checked.errors.extend(errors)
        else:
            checked.rows.append(row)
            checked.lines.append(line)
    return checked


def _read_row(
    sheet: Sheet, columns: list[tuple[Field, int]], cells: tuple[Cell, ...], line: int
) -> tuple[dict[str, Any], list[RowError]]:
    row = {candidate.name: candidate.empty for candidate in sheet.fields}
    errors = []
    for candidate, index in columns:
        cell = cells[index]
        if not cell:
            # A row may have its name in the one cell that may stand for it.
            if candidate.required and candidate.name not in sheet.instead:
                message = _("Vul dit in: elke regel heeft dit nodig.")
                errors.append(RowError(line, str(candidate.label), "", message))
            continue
        try:
            _refuse_unseen(cell)
            row[candidate.name] = candidate.parse(cell)
        except FieldError as error:
            errors.append(RowError(line, str(candidate.label), _shown(cell), error.message))
    return row, errors


def _refuse_unseen(cell: Cell) -> None:
    """Line breaks and tabs of a cell become spaces, as lists often have them; the rest is wrong."""
    if problem := unseen.problem_with(" ".join(as_text(cell).split())):
        raise FieldError(problem)


def _complete(sheet: Sheet, row: dict[str, Any], line: int) -> list[RowError]:
    if sheet.complete is None:
        return []
    try:
        sheet.complete(row)
    except FieldError as error:
        return [RowError(line, str(sheet.named(error.field).label), "", error.message)]
    return []


def _duplicates(
    sheet: Sheet, row: dict[str, Any], line: int, seen: dict[tuple[Any, ...], int]
) -> list[RowError]:
    errors = []
    for names in sheet.unique:
        values = [row.get(name) for name in names]
        if not any(values):
            continue
        key = (names, *(sort_key(str(value)) for value in values))
        first = seen.setdefault(key, line)
        if first != line:
            message = _("Dit staat ook op regel %(line)s. Verwijder een van beide.")
            label = str(sheet.named(names[0]).label)
            errors.append(RowError(line, label, _shown(str(values[0])), message % {"line": first}))
    return errors


def _shown(cell: Cell) -> str:
    shown = unseen.shown(as_text(cell))
    return shown if len(shown) <= MAX_SHOWN else shown[: MAX_SHOWN - 1] + "…"
