"""Every cell read, with what a person said of it: which rows are good, and what is wrong where."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from stage.core.dutch.names import sort_key
from stage.core.ui import unseen
from stage.schools.imports.bsn import refuse_bsn
from stage.schools.imports.fields import Field, FieldError, Sheet
from stage.schools.imports.parsers import Cell, Understood, as_text
from stage.schools.imports.plan import Mapping
from stage.schools.imports.reader import Table

MAX_SHOWN = 60
MAX_WHO = 80
_COUNTED = r"(\d+|aantal|leerlingen|bedrijven|docenten|regels|van|het)"
_TOTAL = re.compile(rf"(sub|eind)?(totaal|total|aantal|som)( {_COUNTED})*")
# What may stand in the other cells of such a line.
_AMOUNT = re.compile(rf"[\d.,]+( {_COUNTED})*")


@dataclass(frozen=True)
class Said:
    """What a person said of a list: cells typed anew, lines left out, kinds of errors left empty.

    A kind is the name of a field and the message beside it.
    """

    cells: MappingType[int, MappingType[str, str]] = dataclasses.field(default_factory=dict)
    out: frozenset[int] = frozenset()
    blank: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, choices: MappingType[str, Any]) -> Said:
        """From what a job keeps (`ImportJob.choices`)."""
        return cls(
            {int(line): typed for line, typed in choices.get("cells", {}).items()},
            frozenset(choices.get("out", ())),
            frozenset((name, message) for name, message in choices.get("blank", ())),
        )


NOTHING = Said()


@dataclass(frozen=True)
class RowError:
    """One wrong cell: the line in the file, its column, what stands there, how to mend it.

    `cell` is what stands there to be mended, whole; `optional` says that it may be left empty.
    """

    line: int
    column_label: str
    value_shown: str
    message: str
    field: str = dataclasses.field(default="", compare=False)
    cell: str = dataclasses.field(default="", compare=False)
    optional: bool = dataclasses.field(default=False, compare=False)


@dataclass
class Line:
    """One line of the file as it was read; `row` is only good without errors."""

    number: int
    given: dict[str, Cell]  # what stands there, or was typed instead
    typed: MappingType[str, str]
    row: dict[str, Any] = dataclasses.field(default_factory=dict)
    errors: list[RowError] = dataclasses.field(default_factory=list)
    # Label, remark, what stands there, how it was read; and cells left empty, each of which kind.
    remarks: list[tuple[str, str, str, str]] = dataclasses.field(default_factory=list)
    spared: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    def add(self, sheet: Sheet, name: str, message: str, *, optional: bool = False) -> None:
        """Note what is wrong with a field of this line, once."""
        label = str(sheet.named(name).label)
        if any(error.column_label == label for error in self.errors):
            return
        cell = as_text(self.given.get(name, ""))
        told = RowError(self.number, label, shown(cell), message, name, cell, optional)
        self.errors.append(told)

    def who(self, sheet: Sheet) -> str:
        """By which people recognise it."""
        words = (as_text(self.given.get(name, "")) for name in sheet.who)
        return shown(" ".join(word for word in words if word), MAX_WHO)


@dataclass(frozen=True)
class Clash:
    """Lines that say to be the same one and say something else; `differs`: label, a value each."""

    label: str
    value: str
    lines: list[int]
    differs: list[tuple[str, list[str]]]


@dataclass
class Checked:
    """What was read, line by line, and the lines that are none of it, each with its number.

    Good rows have every field of the sheet. `same`: lines that say what another says, with that.
    """

    read: list[Line] = dataclasses.field(default_factory=list)
    clashes: list[Clash] = dataclasses.field(default_factory=list)
    totals: list[int] = dataclasses.field(default_factory=list)
    empty: list[int] = dataclasses.field(default_factory=list)
    same: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    out: list[Line] = dataclasses.field(default_factory=list)

    @property
    def good(self) -> list[Line]:
        return [line for line in self.read if not line.errors]

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.read if line.errors]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [line.row for line in self.good]

    @property
    def lines(self) -> list[int]:
        return [line.number for line in self.good]

    @property
    def errors(self) -> list[RowError]:
        return [error for line in self.read for error in line.errors]

    @property
    def ok(self) -> bool:
        return not self.errors


def check(table: Table, sheet: Sheet, mapping: Mapping, said: Said = NOTHING) -> Checked:
    """Read every cell; a row with an error is not among the good rows.

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
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in zip(table.line_numbers, table.rows, strict=True):
        given = {candidate.name: cells[index] for candidate, index in columns}
        line = Line(number, given, said.cells.get(number, {}))
        first = seen.setdefault(tuple(_plain(cell) for cell in given.values()), number)
        if not line.typed and number not in said.out and _is_aside(line, cells, first, checked):
            continue
        line.given = given | dict(line.typed)
        if number in said.out:
            checked.out.append(line)
            continue
        _read(sheet, columns, line, said)
        checked.read.append(line)
    _tell_doubles(sheet, checked)
    return checked


def _is_aside(line: Line, cells: tuple[Cell, ...], first: int, checked: Checked) -> bool:
    """Whether this line brings nobody: a total, nothing at all, or the same as an earlier one."""
    if _is_total(cells):
        checked.totals.append(line.number)
    elif not any(line.given.values()):
        checked.empty.append(line.number)
    elif first != line.number:
        checked.same.append((line.number, first))
    else:
        return False
    return True


def _is_total(cells: tuple[Cell, ...]) -> bool:
    filled = [_plain(cell) for cell in cells if cell]
    words = [" ".join(re.sub(r"[:=()]", " ", word).split()) for word in filled]
    totals = sum(bool(_TOTAL.fullmatch(word)) for word in words)
    return bool(totals) and all(_TOTAL.fullmatch(w) or _AMOUNT.fullmatch(w) for w in words)


def _plain(cell: Cell) -> str:
    return " ".join(as_text(cell).casefold().split())


def _read(sheet: Sheet, columns: list[tuple[Field, int]], line: Line, said: Said) -> None:
    """Fill `row` and `errors`: all that is wrong with a line is told at once."""
    line.row = {candidate.name: candidate.empty for candidate in sheet.fields}
    for candidate, _index in columns:
        cell = line.given[candidate.name]
        if not cell:
            # A row may have its name in the one cell that may stand for it.
            if candidate.required and candidate.name not in sheet.instead:
                line.add(sheet, candidate.name, _("Vul dit in: elke regel heeft dit nodig."))
            continue
        try:
            _refuse_unseen(cell)
            value = candidate.parse(cell)
        except FieldError as error:
            kind, optional = (candidate.name, error.message), candidate.may_be_spared
            if kind in said.blank and optional and candidate.name not in line.typed:
                line.spared.append(kind)
            else:
                line.add(sheet, candidate.name, error.message, optional=optional)
            continue
        if isinstance(value, Understood):
            read = shown(as_text(value.value))
            line.remarks.append((str(candidate.label), value.remark, shown(as_text(cell)), read))
            value = value.value
        line.row[candidate.name] = value
    if sheet.complete is not None:
        try:
            sheet.complete(line.row)
        except FieldError as error:
            line.add(sheet, error.field, error.message)


def _refuse_unseen(cell: Cell) -> None:
    """Line breaks and tabs of a cell become spaces, as lists often have them; the rest is wrong."""
    if problem := unseen.problem_with(" ".join(as_text(cell).split())):
        raise FieldError(problem)


def _tell_doubles(sheet: Sheet, checked: Checked) -> None:
    """Lines that say the same are one; of those that differ a person says which is right."""
    for names in sheet.unique:
        groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
        for line in checked.read:
            values = [line.row.get(name) for name in names]
            if any(values) and not any(error.field in names for error in line.errors):
                groups[tuple(sort_key(str(value)) for value in values)].append(line)
        for group in groups.values():
            if len(group) > 1:
                _tell_double(sheet, names[0], group, checked)
    checked.same.sort()


def _tell_double(sheet: Sheet, name: str, group: list[Line], checked: Checked) -> None:
    others: list[Line] = []
    for line in group:
        twin = next((o for o in others if o.row == line.row and not o.errors + line.errors), None)
        if twin is None:
            others.append(line)
        else:
            checked.same.append((line.number, twin.number))
            checked.read.remove(line)
    if len(others) == 1:
        return
    numbers = [line.number for line in others]
    value = shown(as_text(others[0].given.get(name, "")))
    label = str(sheet.named(name).label)
    checked.clashes.append(Clash(label, value, numbers, _differences(sheet, others)))
    for line in others:
        rest = ", ".join(str(number) for number in numbers if number != line.number)
        message = _("Dit staat ook op regel %(line)s, met iets anders erbij. Kies er een.")
        line.add(sheet, name, message % {"line": rest})


def _differences(sheet: Sheet, lines: Iterable[Line]) -> list[tuple[str, list[str]]]:
    told = []
    for candidate in sheet.fields:
        values = [shown(as_text(line.given.get(candidate.name, ""))) for line in lines]
        if len(set(values)) > 1:
            told.append((str(candidate.label), values))
    return told


def shown(text: str, most: int = MAX_SHOWN) -> str:
    """A cell as a message shows it: short, with a box where a sign stands that nobody sees."""
    text = unseen.shown(text)
    return text if len(text) <= most else text[: most - 1] + "…"
