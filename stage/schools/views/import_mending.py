"""A list that is not right yet: cells mended, lines left out, and the rest taken back."""

from __future__ import annotations

import re

from django.shortcuts import redirect

from stage.core.enums import Audience
from stage.core.ui.download import list_file
from stage.core.who.access import allow
from stage.schools.imports import loaders
from stage.schools.imports.giving_back import give_back
from stage.schools.imports.mending import Kind, Mend, mend_import
from stage.schools.views.import_common import job_of

_CELL = re.compile(r"cell-(\d{1,6})-([a-z0-9_]{1,40})")
_LINE = re.compile(r"\d{1,6}")
MARK = "|"  # between a field and the message beside it, in the value of a button


@allow(Audience.COORDINATOR, Audience.BUREAU, methods=("POST",))
def import_mend(request, public_id):
    """Keep what was typed, ticked and chosen on the page, and look at the list again."""
    job = job_of(request.actor, public_id)
    given = request.POST
    cells: dict[int, dict[str, str]] = {}
    for key, text in given.items():
        if found := _CELL.fullmatch(key):
            cells.setdefault(int(found[1]), {})[found[2]] = text
    shown, out = _lines(given.getlist("shown")), _lines(given.getlist("out"))
    mend = Mend(
        cells=cells,
        out=out,
        back=shown - out,
        blank=_kinds(given.getlist("blank")),
        unblank=_kinds(given.getlist("unblank")),
        pick=_lines(given.getlist("pick")),
    )
    mend_import(job, mend, actor=request.actor)
    return redirect("schools:import_show", public_id)


@allow(Audience.COORDINATOR, Audience.BUREAU)
def import_rest(request, public_id):
    """The rows that are not good, as Excel with what is wrong beside each."""
    job = job_of(request.actor, public_id)
    if not job.result.get("rest"):
        return redirect("schools:import_show", public_id)
    headings, rows = give_back(job, actor=request.actor)
    title = str(loaders.sheet_named(job.sheet).label)
    return list_file("xlsx", f"niet-ingelezen-{job.sheet}", title, headings, rows)


def _lines(values: list[str]) -> set[int]:
    return {int(value) for value in values if _LINE.fullmatch(value)}


def _kinds(values: list[str]) -> list[Kind]:
    parts = (value.partition(MARK) for value in values)
    return [(name, message) for name, _mark, message in parts]
