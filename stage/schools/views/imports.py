"""Imports: upload, columns, preview, confirm, progress."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stage.core.enums import Audience
from stage.core.ui.download import list_file
from stage.core.ui.filters import Filters, Flag, ListFilters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import PER_PAGE, page_of
from stage.core.who.access import allow
from stage.core.who.policies import NotAllowed
from stage.core.work import long_jobs
from stage.schools.enums import ImportState
from stage.schools.filters import group
from stage.schools.forms.settings import UploadForm
from stage.schools.imports import TEACHERS, ImportRefused, loaders
from stage.schools.imports import jobs as import_jobs
from stage.schools.models import Group, ImportJob, Student
from stage.schools.views.import_columns import columns_chosen, mapping_page
from stage.schools.views.import_common import back_name, back_url, job_of, steps, ways_of

SHOWN_COLUMNS = 8
SAME = "same"


class StartFilters(Filters):
    """The group that a list's rows come in."""

    instead = gettext_lazy("Kies de groep opnieuw.")
    groep = group()


class ShowFilters(ListFilters):
    """Whether the columns are chosen anew; which page of errors."""

    kolommen = Flag()


@allow(Audience.COORDINATOR, Audience.BUREAU, methods=("GET", "POST"))
@reads(StartFilters)
def import_start(request, sheet):
    """Choose a file; tells beforehand which columns are needed."""
    actor = request.actor
    _require_sheet(actor, sheet)
    request.shown_under = loaders.list_named(sheet).page
    chosen = _group_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = import_jobs.start_import(
                file.read(), name=file.name or "", sheet=sheet, actor=actor, group=chosen
            )
        except ImportRefused as error:
            form.add_error("file", error.message)
        else:
            return redirect("schools:import_show", job.public_id)
    fields = loaders.sheet_named(sheet).fields
    context = {
        "form": form,
        "sheet": loaders.sheet_named(sheet),
        "needed": [str(f.label) for f in fields if f.required],
        "known": [str(f.label) for f in fields if not f.required],
        "group": chosen,
        "back_url": back_url(sheet, chosen),
        "back_name": back_name(sheet, chosen),
        "recent": ImportJob.objects.visible_to(actor).filter(sheet=sheet)[:5],
    }
    return form_page(request, "schools/import_start.html", context)


@allow(Audience.COORDINATOR, Audience.BUREAU)
def import_sample(request, sheet):
    """An example list to fill in."""
    _require_sheet(request.actor, sheet)
    headings, rows = loaders.list_named(sheet).sample
    title = str(loaders.sheet_named(sheet).label)
    return list_file("xlsx", f"voorbeeld-{sheet}", title, headings, rows)


@allow(Audience.COORDINATOR, Audience.BUREAU, methods=("GET", "POST"))
@reads(ShowFilters)
def import_show(request, public_id):
    """Where an import stands: columns to choose, a preview with its errors, or the outcome."""
    job = job_of(request.actor, public_id)
    request.shown_under = loaders.list_named(job.sheet).page
    if request.method == "POST":
        return columns_chosen(request, job)
    if job.state == ImportState.MAPPING or (
        request.filters.chosen["kolommen"] and job.state == ImportState.CHECKED
    ):
        return mapping_page(request, job)
    context = {
        "job": job,
        "sheet": loaders.sheet_named(job.sheet),
        "busy": job.is_busy,
        "can_be_stopped": import_jobs.can_be_stopped(job, actor=request.actor),
        "invites": job.sheet == TEACHERS.name,
        **ways_of(job),
        "steps": steps(),
        **_preview(request, job),
    }
    return render(request, "schools/import_show.html", context)


def _preview(request, job: ImportJob) -> dict:
    result = job.result
    labels = {f.name: str(f.label) for f in loaders.sheet_named(job.sheet).fields}
    rows = result.get("preview", [])
    columns = [n for n in labels if any(n in row for row in rows)][:SHOWN_COLUMNS]
    missing = Student.objects.visible_to(request.actor).filter(pk__in=result.get("missing", []))
    return {
        "preview_heads": [labels[n] for n in columns],
        "preview": [[row.get(n, "") for n in columns] for row in rows],
        "page_obj": page_of(_wrong_lines(result), request.filters),
        "sums": _sums(result),
        "told": dict.fromkeys(TOLD, ()) | {"file_lines": job.total} | result,
        "all_in": not any(result.get(name) for name in NOT_IN),
        "missing": missing[:PER_PAGE] if result.get("missing") else [],
        "kept": [
            {**told, "label": labels.get(told["field"], "")} for told in result.get("kept", [])
        ],
    }


# What the page lists of a check, where there is any.
TOLD = ("kinds", "clashes", "unused", "remarks", "spared", "out", "mended")
# What keeps a line of the file from coming in.
NOT_IN = ("totals", "empty", "same_lines", "out", "left_out", "rest")


# A list that was checked before its cells could be mended says only what was wrong.
UNMENDED = {"field": "", "cell": "", "who": ""}


def _wrong_lines(result: dict) -> list[dict]:
    """The lines with something wrong, each with its cells."""
    errors = [{**UNMENDED, **error} for error in result.get("errors", [])]
    return [
        {"line": line, "who": (cells := list(found))[0]["who"], "cells": cells}
        for line, found in groupby(errors, key=lambda error: error["line"])
    ]


def _sums(result: dict) -> list[tuple[int, str]]:
    """What becomes of every line of the file; together they are all lines."""

    def count(name: str) -> int:
        value = result.get(name, 0)
        return value if isinstance(value, int) else len(value)

    words = [
        ("new", _("Nieuw")),
        ("changed", _("Gewijzigd")),
        ("same", _("Hetzelfde")),
        ("merged", _("Samengevoegd")),
        ("same_lines", _("Dubbel, overgeslagen")),
        ("totals", _("Regel met een totaal")),
        ("empty", _("Lege regel")),
        ("out", _("Door jou weggelaten")),
        ("left_out", _("Mogelijk dubbel, weggelaten")),
        ("rest", _("Klopt nog niet")),
    ]
    always = ("new", "changed", "same")
    return [(count(name), word) for name, word in words if name in always or count(name)]


@allow(Audience.COORDINATOR, Audience.BUREAU, methods=("POST",))
def import_confirm(request, public_id):
    """Let the checked rows come in; a choice that was not looked at yet is shown first."""
    job = job_of(request.actor, public_id)
    chosen = _chosen_doubles(request, job)
    if job.state == ImportState.CHECKED and chosen != import_jobs.same_rows(job):
        import_jobs.choose_doubles(job, same=chosen, actor=request.actor)
        notice(request, _("Er is nog niets ingelezen. Bekijk eerst wat je keuze doet."))
        return redirect("schools:import_show", public_id)
    import_jobs.confirm_import(
        job,
        actor=request.actor,
        invite=request.POST.get("invite") == "yes",
        good_only=request.POST.get("good") == "only",
    )
    return redirect("schools:import_show", public_id)


@allow(Audience.COORDINATOR, Audience.BUREAU, methods=("POST",))
def import_doubles(request, public_id):
    """Say which possible doubles are the same company: row by row, or all at once."""
    job = job_of(request.actor, public_id)
    chosen = _chosen_doubles(request, job)
    if every := request.POST.get("all"):
        rows = {double["row"] for double in job.result.get("doubles", [])}
        chosen = rows if every == SAME else set()
    import_jobs.choose_doubles(job, same=chosen, actor=request.actor)
    return redirect("schools:import_show", public_id)


def _chosen_doubles(request, job: ImportJob) -> set[int]:
    """What the page said of each possible double; of a row that it does not name, what stands."""
    given = {
        double["row"]: request.POST.get(f"row-{double['row']}", SAME if double["same"] else "")
        for double in job.result.get("doubles", [])
    }
    return {row for row, answer in given.items() if answer == SAME}


@allow(Audience.COORDINATOR, Audience.BUREAU)
def import_progress(request, public_id):
    """How far the worker is, for the progress bar."""
    job = job_of(request.actor, public_id)
    if job.state != ImportState.RUNNING:
        return JsonResponse(long_jobs.told(job, job.get_state_display()))
    text = _("%(done)s van %(total)s regels") % {"done": job.done, "total": job.total}
    return JsonResponse(long_jobs.told(job, text))


@allow(Audience.COORDINATOR, Audience.BUREAU, methods=("POST",))
def import_cancel(request, public_id):
    """Stop an import before anything came in."""
    job = job_of(request.actor, public_id)
    import_jobs.cancel_import(job, actor=request.actor)
    notice(request, _("Het inlezen is gestopt. Er is niets ingelezen en het bestand is weg."))
    return redirect(back_url(job.sheet, job.group))


def _require_sheet(actor, sheet: str) -> None:
    if sheet not in loaders.LISTS:
        raise Http404
    answer = import_jobs.may_import(actor, sheet)
    if not answer:
        raise NotAllowed(answer.reason)


def _group_of(request) -> Group | None:
    filters = request.filters
    if not request.actor.is_coordinator:
        return None
    if filters.errors and request.method == "POST":
        raise Http404  # a list is not read into no group because its address was broken
    return filters.chosen["groep"]
