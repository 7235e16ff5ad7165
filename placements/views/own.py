"""A student brings a company: names it, reads how it stands, takes it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.lookalikes import Alike, alike
from companies.models import Company, Place
from placements import queries, services
from placements.forms.own import NEW, OwnCompanyForm
from placements.models import OwnCompany, Placement
from placements.own import word_of
from placements.views.browse import own_student
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Period, Student


@allow(Audience.STUDENT, methods=("GET", "POST"))
def own_company(request) -> HttpResponse:
    """Name a company, or read how it stands with the one that was named."""
    student = own_student(request)
    rows = list(
        OwnCompany.objects.visible_to(request.actor).select_related("application", "period")
    )
    named = next((own for own in rows if own.is_named), None)
    periods = _periods(request, student, rows)
    form = OwnCompanyForm(request.POST or None, periods=periods, initial=_initial(named))
    asked: list[Alike] = []
    changing = "change" in request.POST
    if request.method == "POST" and periods and form.is_valid() and not changing:
        words = form.words
        found = alike(Company.objects.visible_to(request.actor), words.name, words.city)
        same = {one.company.public_id: one.company for one in found}
        said = request.POST.get("same", "")
        if not found or said == NEW or said in same:
            answer = _store(request, form, student, same.get(said))
            if answer:
                return answer
        else:
            asked = found
    return form_page(
        request,
        "placements/own_company.html",
        {
            "form": form,
            "periods": periods,
            "asked": asked,
            "new": NEW,
            "named": named,
            "rows": [(own, word_of(own)) for own in rows],
        },
        refused=form.is_bound and bool(form.errors),
    )


def _periods(request, student: Student, rows: list[OwnCompany]) -> list[Period]:
    """Those for which the student can name one: not placed, and nothing asked that still runs."""
    placed = Placement.objects.visible_to(request.actor).live().values_list("period_id", flat=True)
    asked = OwnCompany.objects.visible_to(request.actor).running()
    taken = {*placed, *(own.period_id for own in asked if not own.is_named)}
    named = {own.period_id for own in rows if own.is_named}
    found = [p for p in queries.open_periods(student, request.actor) if p.pk not in taken]
    # While one waits, the form is about that one.
    return [p for p in found if p.pk in named] or found


def _initial(own: OwnCompany | None) -> dict:
    """What was named, to change it; empty where nothing waits."""
    fields = ("name", "city", "what", "who", "telephone", "email") if own else ()
    return {name: getattr(own, name) for name in fields}


def _store(request, form, student: Student, known: Company | None) -> HttpResponse | None:
    """Keep it, or lead to the place that is there already; None when the service refused."""
    if known is not None and (place := _place_at(request, student, known, form.about)):
        words = {"company": known.name}
        notice(request, _("%(company)s heeft al een plek. Je kunt er meteen solliciteren.") % words)
        return redirect("placements:place_show", place.public_id)
    try:
        services.name_company(student, form.about, form.words, known=known, actor=request.actor)
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return None
    notice(request, _("Bewaard. Je school kijkt ernaar."))
    return redirect("placements:own_company")


def _place_at(request, student: Student, company: Company, period: Period) -> Place | None:
    """A place of this company with room, which any student can apply to."""
    rows = Place.objects.visible_to(request.actor).open().for_all()
    at = list(rows.filter(company__family_id=company.family_id, period=period).order_by("pk"))
    free = queries.free_places(at, student=student)
    return next((place for place in at if free.get(place.pk)), None)


@allow(Audience.STUDENT, methods=("GET", "POST"))
def own_company_withdraw(request, public_id: str) -> HttpResponse:
    """Take back what the school has not looked at, after asking once."""
    own = get_object_or_404(OwnCompany.objects.visible_to(request.actor), public_id=public_id)
    if request.method == "POST":
        try:
            services.withdraw_own(own, actor=request.actor)
        except Conflict as conflict:
            notice(request, str(conflict), tone="wrong")
        else:
            notice(request, _("%(name)s is ingetrokken.") % {"name": own.name})
        return redirect("placements:own_company")
    return render(
        request,
        "ui/confirm_page.html",
        {
            "title": _("Bedrijf intrekken?"),
            "text": _("Je school vraagt %(name)s dan niet.") % {"name": own.name},
            "confirm_label": _("Trek in"),
            "back_url": reverse("placements:own_company"),
        },
    )
