"""Which column of a list is what: the page that asks, and what was chosen there."""

from __future__ import annotations

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.schools.imports import Sheet, loaders, normalise_heading
from stage.schools.imports import jobs as import_jobs
from stage.schools.imports.plan import guess_field
from stage.schools.models import ImportJob
from stage.schools.views.import_common import steps, ways_of


def mapping_page(request, job: ImportJob, wrong: str = ""):
    sheet = loaders.sheet_for(job.sheet, job.school_id)
    by_field = job.mapping
    fields = [
        {
            "name": f.name,
            "label": str(f.label),
            "required": f.required,
            "instead": str(sheet.named(sheet.instead[f.name]).label)
            if f.name in sheet.instead
            else "",
            "chosen": request.POST.get(f.name, by_field.get(f.name, "")),
        }
        for f in sheet.fields
    ]
    asked = _asked_first(sheet, by_field)
    context = {
        "job": job,
        "needed": [f for f in fields if f["name"] in asked],
        "others": [f for f in fields if f["name"] not in asked],
        "headings": job.result.get("headings", []),
        "unknown": _unknown_columns(request, job, sheet),
        "missing": [f["label"] for f in fields if f["name"] in _missing(sheet, by_field)],
        "wrong": wrong,
        "can_be_stopped": import_jobs.can_be_stopped(job, actor=request.actor),
        **ways_of(job),
        "steps": steps(),
    }
    return form_page(request, "schools/import_columns.html", context, refused=bool(wrong))


def _asked_first(sheet: Sheet, found) -> set[str]:
    """Names of the fields that are needed, or of what stands for one in this list."""
    needed = (f.name for f in sheet.fields if f.required)
    stands_for = {a: b for a, b in sheet.instead.items() if a not in found and b in found}
    return {stands_for.get(name, name) for name in needed}


def _missing(sheet: Sheet, found) -> list[str]:
    """Names of the fields that are needed and that no column is."""
    return [
        f.name
        for f in sheet.fields
        if f.required and f.name not in found and sheet.instead.get(f.name) not in found
    ]


def _unknown_columns(request, job: ImportJob, sheet: Sheet) -> list[dict]:
    """The columns that are not used, with examples, and what they might be."""
    result, used = job.result, set(job.mapping.values())
    taken = dict(job.mapping)
    columns = []
    for index, heading in enumerate(result.get("headings", [])):
        if heading in used:
            continue
        guess = ""
        if heading in result.get("unasked", []):
            guess = guess_field(heading, sheet, taken)
            taken |= {guess: heading} if guess else {}
        columns.append(
            {
                "key": f"column-{index}",
                "heading": heading,
                "examples": ", ".join(result.get("samples", {}).get(heading, [])),
                "chosen": request.POST.get(f"column-{index}", guess),
                "no_place": sheet.no_place.get(normalise_heading(heading), ""),
            }
        )
    return columns


def columns_chosen(request, job: ImportJob):
    sheet = loaders.sheet_for(job.sheet, job.school_id)
    every = job.result.get("headings", [])
    headings, names = set(every), {f.name for f in sheet.fields}
    chosen = {f.name: request.POST.get(f.name, "") for f in sheet.fields}
    found = {name: heading for name, heading in chosen.items() if heading in headings}
    for index, heading in enumerate(every):
        name = request.POST.get(f"column-{index}", "")
        if name in names and found.setdefault(name, heading) != heading:
            wrong = _("%(field)s staat er twee keer. Kies er één kolom voor.")
            return mapping_page(request, job, wrong % {"field": sheet.named(name).label})
    missing = [str(sheet.named(name).label) for name in _missing(sheet, found)]
    if missing:
        wrong = _("Kies ook een kolom voor: %(names)s.") % {"names": ", ".join(missing)}
        return mapping_page(request, job, wrong)
    if len(set(found.values())) < len(found):
        return mapping_page(
            request, job, _("Een kolom staat er twee keer. Kies elke kolom één keer.")
        )
    import_jobs.choose_mapping(job, found=found, actor=request.actor)
    notice(request, _("We onthouden deze kolommen voor de volgende keer."))
    return redirect("schools:import_show", job.public_id)
