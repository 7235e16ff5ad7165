"""The list of placements, who guides them, and the brief to the companies."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import Contact
from placements import mails, queries, services
from placements.enums import PlacementState
from placements.forms import AssignForm
from placements.models import Placement, PlacementQuerySet
from placements.words import PLACEMENT_WORDS
from stage.core.dutch.names import search_key
from stage.core.enums import Audience
from stage.core.models import Membership
from stage.core.record import audit
from stage.core.ui.exports import xlsx_bytes
from stage.core.ui.notices import notice
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Period

PAGE = 25
MANY = 100  # placements on one page of choices or in one go of mails
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ORDERS = {
    "name": ("student__sort_name", "pk"),
    "company": ("company__sort_name", "student__sort_name", "pk"),
    "starts": ("starts", "student__sort_name", "pk"),
}


@allow(Audience.COORDINATOR)
def placement_list(request) -> HttpResponse:
    """All placements, filtered and sorted; also as a file."""
    rows = _filtered(request)
    if request.GET.get("export") == "xlsx":
        return _export(request, rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    everything = Placement.objects.visible_to(request.actor)
    export = request.GET.copy()
    export["export"] = "xlsx"
    return render_page(
        request,
        "placements/placement_list.html",
        {
            "page_obj": page,
            "words": PLACEMENT_WORDS,
            "rows": [(p, PLACEMENT_WORDS[p.state]) for p in page],
            "states": PlacementState.choices,
            "periods": Period.objects.visible_to(request.actor),
            "classes": sorted(
                set(everything.order_by().values_list("student__school_class", flat=True)) - {""}
            ),
            "teachers": Membership.objects.visible_to(request.actor)
            .active()
            .staff()
            .filter(school=request.actor.school_id),
            "filters": request.GET,
            "export_url": f"?{export.urlencode()}",
            "any": page.paginator.count or everything.exists(),
        },
    )


def _filtered(request) -> PlacementQuerySet:
    rows = Placement.objects.visible_to(request.actor).select_related(
        "student", "company", "period", "teacher", "supervisor"
    )
    get = request.GET.get
    if get("staat") in PlacementState.values:
        rows = rows.filter(state=get("staat"))
    elif not get("staat"):
        rows = rows.exclude(state=PlacementState.CANCELLED)
    if get("klas"):
        rows = rows.filter(student__school_class=get("klas"))
    if get("periode"):
        rows = rows.filter(period__public_id=get("periode"))
    if get("docent", "").isdigit():
        rows = rows.filter(teacher_id=int(get("docent")[:9]))
    key = search_key(get("q", "")[:80])
    if key:
        rows = rows.filter(student__search_name__contains=key) | rows.filter(
            company__search_name__contains=key
        )
    if get("mist") == "teacher":
        rows = rows.live().filter(teacher__isnull=True)
    if get("mist") == "supervisor":
        rows = rows.live().filter(supervisor__isnull=True)
    if get("mist") == "brief":
        rows = rows.live().filter(briefed_at__isnull=True)
    wanted = get("sort", "name")
    order = ORDERS.get(wanted.removeprefix("-"), ORDERS["name"])
    if wanted.startswith("-"):
        order = tuple(f"-{column}" for column in order)
    return rows.order_by(*order)


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
            p.supervisor.name if p.supervisor else "",
            str(PLACEMENT_WORDS[p.state].label),
            p.briefed_at,
        ]
        for p in rows
    ]
    response = HttpResponse(xlsx_bytes(_("Stages"), headings, table), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="plaatsingen.xlsx"'
    return response


def _chosen(request) -> list[Placement]:
    """The placements ticked on the list or named in the address; strangers' codes fall away."""
    codes = request.POST.getlist("row") or request.GET.getlist("row")
    rows = Placement.objects.visible_to(request.actor).live().filter(public_id__in=codes[:MANY])
    return list(
        rows.select_related(
            "student", "company", "place__invitation", "teacher", "supervisor", "period", "location"
        ).order_by("student__sort_name", "pk")
    )


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def assign(request) -> HttpResponse:
    """Choose who guides, for one or many; the least busy teacher is suggested."""
    placements = _chosen(request)
    if not placements:
        notice(request, _("Kies eerst een of meer stages."), tone="info")
        return redirect("placements:placement_list")
    saving = request.method == "POST" and "save" in request.POST
    forms = _assign_forms(request, placements, saving)
    # Every form, also after a wrong one, so that each shows its errors.
    valid = [form.is_valid() for form in forms] if saving else []
    failed = not all(valid)
    if saving and not failed:
        changed, failed = _assign_all(request, forms)
        if not failed:
            text = ngettext("%(n)s stage bijgewerkt.", "%(n)s stages bijgewerkt.", changed)
            notice(request, text % {"n": changed})
            return redirect("placements:placement_list")
    return render(
        request, "placements/assign.html", {"forms": forms}, status=422 if failed else 200
    )


def _assign_forms(request, placements, saving) -> list[AssignForm]:
    loads = queries.teacher_loads(request.actor, {p.period_id for p in placements})
    contacts = list(
        Contact.objects.visible_to(request.actor)
        .active()
        .filter(company_id__in={p.company_id for p in placements})
    )
    # Each suggestion counts, so that twenty students do not all go to the same teacher.
    busy = {
        load.membership.pk: load.students for load in loads if load.membership.role == "teacher"
    }
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
                contacts=[c for c in contacts if c.company_id == placement.company_id],
                suggested=suggested,
            )
        )
    return forms


def _assign_all(request, forms: list[AssignForm]) -> tuple[int, bool]:
    changed, failed = 0, False
    for form in forms:
        try:
            changed += services.assign(form.placement, **form.chosen, actor=request.actor)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
            failed = True
    return changed, failed


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
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
