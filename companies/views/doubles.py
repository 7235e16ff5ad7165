"""Likely doubles of the pool: side by side, made one or said to be two; and taken apart again."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import doubles, policies, services
from companies.models import Company, CompanyNote, Contact, Invitation, Location, Place
from companies.views.common import allowed_or_403
from stage.core.enums import Audience
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Profile

WHO = (Audience.COORDINATOR, Audience.BUREAU)


@allow(*WHO)
def doubles_list(request):
    """Pairs that are likely one, and what was made one lately."""
    actor = request.actor
    context = {
        "pairs": doubles.likely(actor),
        "most": doubles.MOST,
        "merged": doubles.merged_lately(actor)[: doubles.MOST],
        "may_merge": actor.is_bureau,
    }
    return render(request, "companies/doubles_list.html", context)


def _company(request, public_id: str) -> Company:
    """One that stands by itself: what is one already is not compared."""
    rows = Company.objects.visible_to(request.actor).present()
    return get_object_or_404(rows, public_id=public_id)


def _pair(request, one: str, other: str) -> tuple[Company, Company]:
    first, second = _company(request, one), _company(request, other)
    if first.pk == second.pk:
        raise Http404
    return first, second


@allow(Audience.BUREAU, methods=("POST",))
def doubles_apart(request, one, other):
    """Say that two that look alike are two: they are proposed no more."""
    pair = _pair(request, one, other)
    services.say_apart(*pair, actor=request.actor)
    words = {"one": pair[0].name, "other": pair[1].name}
    notice(request, _("%(one)s en %(other)s blijven twee bedrijven.") % words)
    return redirect("companies:doubles_list")


@allow(*WHO)
def doubles_compare(request, one, other):
    """Two side by side."""
    actor = request.actor
    pair = _pair(request, one, other)
    context = {
        "sides": [_side(company, actor) for company in pair],
        "apart": doubles.is_said_apart(*pair),
        "may_merge": bool(policies.may_merge(actor, pair[0])),
    }
    return render(request, "companies/doubles_compare.html", context)


def _side(company: Company, actor) -> dict:
    """One company as it is compared: its facts, and how much hangs on it."""
    names = dict(Profile.objects.values_list("code", "name"))
    here = {"company__family_id": company.family_id}
    contacts = Contact.objects.visible_to(actor).active().filter(**here)
    return {
        "company": company,
        "locations": list(Location.objects.visible_to(actor).filter(**here)[:5]),
        "contacts": list(contacts.order_by("name", "pk")[:5]),
        "profiles": ", ".join(names.get(code, code) for code in company.profiles),
        **_counts(company, actor),
    }


def _counts(company: Company, actor) -> dict[str, int]:
    """How much of it this actor sees."""
    here = Q(company__family_id=company.family_id)
    found = {}
    for key, model in (("asked", Invitation), ("places", Place), ("notes", CompanyNote)):
        rows = model.objects.visible_to(actor).filter(here).order_by()
        found[key] = rows.aggregate(n=Count("pk"))["n"]
    return found


@allow(Audience.BUREAU, methods=("GET", "POST"))
def doubles_merge(request, gone, stays):
    """Make two one under the name of the second; asked once, with what goes over."""
    actor = request.actor
    going, staying = _company(request, gone), _company(request, stays)
    allowed_or_403(policies.may_merge, actor, going)
    back = reverse("companies:doubles_compare", args=[gone, stays])
    if request.method == "POST":
        try:
            services.merge(going, into=staying, actor=actor)
        except Conflict as conflict:
            notice(request, str(conflict), tone="attention")
            return redirect(back)
        words = {"one": going.name, "other": staying.name}
        notice(request, _("%(one)s en %(other)s zijn nu één bedrijf.") % words)
        return redirect("companies:doubles_list")
    told: dict[str, str | int] = {
        "gone": going.name,
        "stays": staying.name,
        "contacts": Contact.objects.visible_to(actor).filter(company=going).count(),
        "locations": Location.objects.visible_to(actor).filter(company=going).count(),
        **_counts(going, actor),
    }
    text = _(
        "%(stays)s blijft staan. Daar komen bij, van %(gone)s: %(contacts)s contactpersonen,"
        " %(locations)s locaties, %(asked)s vragen van scholen en %(places)s plekken. Ook alle"
        " stages, notities en antwoorden blijven. De scholen die er werken, en de contactpersonen,"
        " horen het. Het kan 30 dagen lang ongedaan gemaakt worden."
    )
    context = {
        "title": _("Is %(gone)s hetzelfde bedrijf als %(stays)s?") % told,
        "text": text % told,
        "confirm_label": _("Dit is hetzelfde bedrijf"),
        "back_url": back,
    }
    return render(request, "ui/confirm_page.html", context)


@allow(Audience.BUREAU, methods=("GET", "POST"))
def doubles_undo(request, public_id):
    """Take apart what was made one, within thirty days; asked once."""
    rows = doubles.merged_lately(request.actor)
    company = get_object_or_404(rows, public_id=public_id)
    staying = company.stays
    if request.method == "POST":
        services.unmerge(company, actor=request.actor)
        words = {"one": company.name, "other": staying.name}
        notice(request, _("%(one)s en %(other)s zijn weer twee bedrijven.") % words)
        return redirect("companies:doubles_list")
    words = {"gone": company.name, "stays": staying.name}
    context = {
        "title": _("%(gone)s en %(stays)s weer uit elkaar halen?") % words,
        "text": _(
            "Elk heeft dan weer wat het had. Wie er in de tussentijd is bevestigd, wordt aan de"
            " scholen opnieuw gevraagd."
        ),
        "confirm_label": _("Haal uit elkaar"),
        "back_url": reverse("companies:doubles_list"),
    }
    return render(request, "ui/confirm_page.html", context)
