"""Which lists can be brought in: an app registers its own, with what writes the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from stage.schools.imports.fields import Sheet

Sample = tuple[list[str], list[list]]  # headings, and rows of made-up people


@dataclass(frozen=True)
class ListKind:
    """One kind of list.

    `load(rows, *, job, actor, progress) -> {"new": …, "changed": …, "same": …}`; it runs in the
    caller's transaction, so that all rows come in or none.
    `preview(rows, *, job, actor)` answers the same, and raises the same RowsRefused, from reads
    alone. Without one the list is loaded and rolled back. `binding`: what is written is what the
    preview said, or nothing; then a person looks again.
    `problems(rows, *, job, actor)` answers what stands in the way of writing single rows, as
    RowsRefused has it, also of rows that are wrong already, so that all is told at once.
    `page` and `group_page` are the routes that show what came in: of all, and of one group (by its
    code). `by_bureau`: a region's bureau brings it in too.
    """

    sheet: Sheet
    load: Callable
    page: str
    sample: Sample
    preview: Callable | None = None
    problems: Callable | None = None
    binding: bool = False
    group_page: str = "web:group_show"
    by_bureau: bool = False


LISTS: dict[str, ListKind] = {}


def register(sheet: Sheet, load: Callable, *, page: str, sample: Sample, **rest) -> None:
    """Let a list be brought in; see `ListKind`."""
    LISTS[sheet.name] = ListKind(sheet, load, page, sample, **rest)


def list_named(name: str) -> ListKind:
    """The kind of list that a sheet is. Raises `KeyError` for a sheet nobody loads."""
    return LISTS[name]


def sheet_named(name: str) -> Sheet:
    """Its columns. Raises `KeyError` for a sheet nobody loads."""
    return LISTS[name].sheet


def sheet_for(name: str, school_id: int | None) -> Sheet:
    """Its columns for whoever brings it in: a bureau keeps nothing for a school alone."""
    sheet = LISTS[name].sheet
    if school_id is not None:
        return sheet
    return replace(sheet, fields=tuple(f for f in sheet.fields if not f.of_school))
