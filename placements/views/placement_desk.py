"""The list of placements, who guides them, and the brief to the companies."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from companies import leaving
from companies.models import Company, Contact
from placements import mails, queries, services, this_week
from placements.enums import PlacementState
from placements.filters import MANY, ChosenFilters, PlacementFilters
from placements.forms import AssignAllForm, AssignForm
from placements.models import Placement, PlacementQuerySet
from placements.words import PLACEMENT_WORDS, placement_word
from stage.core.enums import Audience
from stage.core.models import Membership
from stage.core.record import audit
from stage.core.ui import chosen
from stage.core.ui.download import list_file
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Period


@allow(Audience.COORDINATOR)
@reads(PlacementFilters, kept_as=gettext_lazy("Stages"))
def placement_list(request) -> HttpResponse:
    """All placements, filtered and sorted; also as a file, when all filters are understood."""
    filters = request.filters
    rows = _filtered(filters)
    if filters.chosen["export"] and not filters.errors:
        return _export(request, rows)
    page = page_of(rows, filters)
    everything = Placement.objects.visible_to(request.actor)
    strips = this_week.days_of(request.actor, page.object_list)
    return render_page(
        request,
        "placements/placement_list.html",
        {
            "page_obj": page,
            "words": PLACEMENT_WORDS,
            "rows": [(p, placement_word(p), strips.get(p.pk)) for p in page],
            "strips": bool(strips),
            "states": PlacementState.choices,
            "periods": Period.objects.visible_to(request.actor),
            "classes": sorted(
                set(everything.order_by().values_list("student__school_class", flat=True)) - {""}
            ),
            "teachers": Membership.objects.visible_to(request.actor)
            .active()
            .staff()
            .filter(school=request.actor.school_id),
            "filters": filters.shown,
            "query": filters.query(),
            "many": MANY,
            "export_url": f"?{filters.query(export='xlsx')}",
            "any": page.paginator.count or everything.exists(),
        },
    )


def _filtered(filters: PlacementFilters) -> PlacementQuerySet:
    """In their order; cancelled ones only when that state is asked for."""
    rows = Placement.objects.visible_to(filters.actor).select_related(
        "student", "company", "period", "teacher", "supervisor", "stand_in"
    )
    if not filters.chosen["staat"]:
        rows = rows.exclude(state=PlacementState.CANCELLED)
    return filters.narrow(rows).order_by(*filters.order())


def _export(request, rows: PlacementQuerySet) -> HttpResponse:
    audit.record(request.actor, "placements_exported")
    headings = [
        _("Leerling"),
        _("Klas"),
        _("Bedrijf"),
        _("Periode"),
        _("Van"),
        _("Tot en met"),
        _("Stagebegeleider"),
        _("Praktijkopleider"),
        _("Status"),
        _("Brief gestuurd"),
    ]
    table = [
        [
            p.student.full_name,
            p.student.school_class,
            p.company.name,
            p.period.name,
            p.starts,
            p.ends,
            p.teacher.name if p.teacher else "",
            p.supervisor_now.name if p.supervisor_now else "",
            str(placement_word(p).label),
            p.briefed_at,
        ]
        for p in rows
    ]
    return list_file("xlsx", "plaatsingen", _("Stages"), headings, table)


def _chosen(request) -> list[Placement]:
    """Those ticked on the list, all that it found, or named in the address.

    Strangers' codes fall away, and what was cancelled.
    """
    rows = Placement.objects.visible_to(request.actor).live()
    try:
        found = chosen.found(request, PlacementFilters)
    except chosen.NotUnderstood:
        return []
    if found:
        rows = rows.filter(pk__in=_filtered(found).live().order_by().values("pk"))
    else:
        sent = request.POST if request.POST.getlist("row") else request.GET
        codes = ChosenFilters(sent, actor=request.actor).chosen["row"]
        rows = rows.filter(public_id__in=codes)
    return list(
        rows.select_related(
            "student", "company", "place__invitation", "teacher", "supervisor", "period", "location"
        ).order_by("student__sort_name", "pk")[:MANY]
    )


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(ChosenFilters)
def assign(request) -> HttpResponse:
    """Choose who guides, for one or many; the least busy teacher is suggested."""
    placements = _chosen(request)
    if not placements:
        notice(request, _("Kies eerst een of meer stages."), tone="info")
        return redirect("placements:placement_list")
    saving = request.method == "POST" and "save" in request.POST
    loads = queries.teacher_loads(request.actor, {p.period_id for p in placements})
    forms = _assign_forms(request, placements, loads, saving)
    for_all = AssignAllForm(request.POST if saving else None, loads=loads)
    # Every form, also after a wrong one, so that each shows its errors.
    valid = [form.is_valid() for form in (for_all, *forms)] if saving else []
    failed = not all(valid)
    if saving and not failed:
        changed, failed = _assign_all(request, forms, for_all.chosen)
        if not failed:
            text = ngettext("%(n)s stage bijgewerkt.", "%(n)s stages bijgewerkt.", changed)
            notice(request, text % {"n": changed})
            return redirect("placements:placement_list")
    context = {"forms": forms, "for_all": for_all}
    return form_page(request, "placements/assign.html", context, refused=failed)


def _assign_forms(request, placements, loads, saving) -> list[AssignForm]:
    families = Company.objects.families({p.company_id for p in placements})
    contacts = list(
        Contact.objects.visible_to(request.actor).active().filter(company_id__in=families)
    )
    # Each suggestion counts, so that twenty students do not all go to the same teacher.
    busy = {
        load.membership.pk: load.students for load in loads if load.membership.role == "teacher"
    }
    left = leaving.heirs(request.actor.school_id, {p.supervisor_id for p in placements} - {None})
    forms = []
    for placement in placements:
        suggested = None
        if placement.teacher_id is None and busy:
            suggested = min(busy, key=busy.__getitem__)
            busy[suggested] += 1
        forms.append(
            AssignForm(
                request.POST if saving else None,
                placement=placement,
                loads=loads,
                contacts=of_family(contacts, families, placement),
                suggested=suggested,
                left=left,
            )
        )
    return forms


def of_family(contacts, families: dict[int, int], placement: Placement) -> list[Contact]:
    """Whom the placement's company and its family have, each address once, its own line first."""
    here = [c for c in contacts if families[c.company_id] == families[placement.company_id]]
    own = [c for c in here if c.company_id == placement.company_id]
    known = {c.email.lower() for c in own}
    return own + [c for c in here if c not in own and c.email.lower() not in known]


def _assign_all(request, forms: list[AssignForm], for_all: Membership | None) -> tuple[int, bool]:
    changed, failed = 0, False
    for form in forms:
        try:
            changed += services.assign(form.placement, **form.chosen(for_all), actor=request.actor)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
            failed = True
    return changed, failed


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(ChosenFilters)
def brief_send(request) -> HttpResponse:
    """Tell companies who comes: first shows to whom, then sends."""
    placements = _chosen(request)
    if not placements:
        notice(request, _("Kies eerst een of meer stages."), tone="info")
        return redirect("placements:placement_list")
    if request.method == "POST" and "send" in request.POST:
        sent = services.send_briefs(placements, actor=request.actor)
        text = ngettext("%(n)s brief gaat per mail weg.", "%(n)s brieven gaan per mail weg.", sent)
        notice(request, text % {"n": sent}, tone="good" if sent else "wrong")
        return redirect("placements:placement_list")
    rows = [(p, mails.brief_recipients(p)) for p in placements]
    return render(
        request,
        "placements/brief_send.html",
        {"rows": rows, "count": sum(len(people) for _placement, people in rows)},
    )
