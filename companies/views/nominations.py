"""A company that somebody knows: said by a teacher, student or parent, taken on by the school."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import services
from companies.forms.relations import NominationForm, NotTakenForm, TakeOnForm
from companies.lookalikes import alike
from companies.models import Company, Nomination
from companies.services.relations import colleagues
from stage.core.enums import Audience
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict

NOMINATORS = (Audience.COORDINATOR, Audience.TEACHER, Audience.STUDENT, Audience.GUARDIAN)
LAYOUTS = {Audience.STUDENT: "layouts/phone.html", Audience.GUARDIAN: "layouts/company.html"}
SHOWN = 10


@allow(*NOMINATORS, methods=("GET", "POST"))
def nominate(request) -> HttpResponse:
    """Tell the school of a company, and read what became of the ones before."""
    actor = request.actor
    form = NominationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.nominate(form.words, actor=actor)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            notice(request, _("Dank je wel. De stagecoördinator kijkt ernaar."))
            return redirect("companies:nominate")
    rows = Nomination.objects.visible_to(actor)
    if actor.is_staff:
        rows = rows.filter(by=actor.membership)
    context = {
        "form": form,
        "rows": rows[:SHOWN],
        "to_school": actor.is_guardian,
        "layout": LAYOUTS.get(actor.role, "layouts/desk.html"),
    }
    return form_page(request, "companies/nominate.html", context)


@allow(*NOMINATORS, methods=("POST",))
def nomination_withdraw(request, public_id) -> HttpResponse:
    """Whoever said it takes it back, while the school has not looked."""
    rows = Nomination.objects.visible_to(request.actor)
    if request.actor.is_staff:
        rows = rows.filter(by=request.actor.membership)
    row = get_object_or_404(rows, public_id=public_id)
    services.withdraw_nomination(row, actor=request.actor)
    notice(request, _("%(name)s is ingetrokken.") % {"name": row.name})
    return redirect("companies:nominate")


@allow(Audience.COORDINATOR)
@reads(ListFilters)
def nomination_list(request) -> HttpResponse:
    """Companies that people of the school know and that wait."""
    rows = Nomination.objects.visible_to(request.actor).named().order_by("named_at", "pk")
    page = page_of(rows, request.filters)
    return render_page(request, "companies/nomination_list.html", {"page_obj": page})


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def nomination_show(request, public_id) -> HttpResponse:
    """Take one on, as a company that is there or as a new one, or say why not."""
    actor = request.actor
    rows = Nomination.objects.visible_to(actor).select_related("known_as", "settled_by")
    row = get_object_or_404(rows, public_id=public_id)
    found = alike(Company.objects.visible_to(actor), row.name, row.city) if row.is_named else []
    refuses = request.POST.get("do") == "refuse"
    data = request.POST or None
    taking = TakeOnForm(
        None if refuses else data, found=found, people=colleagues(actor), actor=actor
    )
    refusal = NotTakenForm(data if refuses else None)
    answer = None
    if request.method == "POST":
        answer = _refuse(request, row, refusal) if refuses else _take(request, row, taking)
    context = {"row": row, "form": taking, "refusal": refusal}
    return answer or form_page(request, "companies/nomination_show.html", context)


def _take(request, row: Nomination, form: TakeOnForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    owner = form.cleaned_data["owner"]
    try:
        company = services.take_on(row, known=form.chosen, owner=owner, actor=request.actor)
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return None
    notice(request, _("%(name)s is opgepakt. Wie het noemde, hoort het.") % {"name": company.name})
    return redirect("companies:company_show", company.public_id)


def _refuse(request, row: Nomination, form: NotTakenForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        services.refuse_nomination(row, answer=form.cleaned_data["answer"], actor=request.actor)
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return None
    notice(request, _("Wie %(name)s noemde, leest waarom niet.") % {"name": row.name})
    return redirect(reverse("companies:nomination_list"))
