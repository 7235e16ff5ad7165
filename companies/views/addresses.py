"""Addresses others typed and facts others changed: looked at, said yes to, put back."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies import addresses, services
from companies.field_words import lines_of
from companies.models import Contact
from companies.services.changes import stands
from stage.core.enums import Audience
from stage.core.ui.back import next_of
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.core.who.policies import Conflict

ON_A_PAGE = 200
MANY = 2000  # at once: a large region asks a thousand companies


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def address_list(request):
    """Addresses that something of the school waits for; yes to those ticked, or to all."""
    if request.method == "POST":
        return _confirm(request)
    rows = addresses.waiting(request.actor)
    named = addresses.described(request.actor.school_id, rows[:ON_A_PAGE])
    return render(request, "companies/address_list.html", {"named": named})


def _confirm(request):
    """Yes to whom the form names: every one of them stood on the page, with its address."""
    ticked = "all" if "everybody" in request.POST else "contact"
    codes = request.POST.getlist(ticked)[:MANY]
    rows = Contact.objects.visible_to(request.actor).named_only(request.actor.school_id)
    done = services.confirm_addresses(rows.as_shown(codes), actor=request.actor)
    text = ngettext("Jullie kennen nu %(n)s adres.", "Jullie kennen nu %(n)s adressen.", done)
    if done < len(codes):
        text += " " + _(
            "De andere waren al bekend, of het adres is net veranderd. Kijk nog een keer."
        )
    notice(request, text % {"n": done}, tone="good" if done else "attention")
    return redirect(next_of(request, request.path))


@allow(Audience.COMPANY, methods=("GET", "POST"))
def colleague_list(request):
    """Who was named at the company by others: known here, or not."""
    rows = addresses.colleagues_of(request.actor)
    if request.method == "POST":
        row = next(iter(rows.as_shown([request.POST.get("contact", "")])), None)
        if row is None:
            text = _("Over deze persoon is al beslist, of het adres is net veranderd.")
            notice(request, text, tone="attention")
        elif request.POST.get("answer") == "no":
            services.set_contact_active(row, active=False, actor=request.actor)
            notice(request, _("%(name)s krijgt geen mail meer.") % {"name": row.name})
        else:
            services.confirm_addresses([row], actor=request.actor)
            notice(request, _("%(name)s hoort er nu bij.") % {"name": row.name})
        return redirect("companies:colleague_list")
    named = list(rows.select_related("company", "named_school").order_by("-named_at", "pk"))
    context = {"named": [(c, addresses.who_named(c)) for c in named]}
    return render(request, "companies/colleague_list.html", context)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(ListFilters)
def change_list(request):
    """What others changed at companies the school works with; "seen" takes them off the list."""
    actor = request.actor
    rows = services.changes_for(actor)
    if request.method == "POST":
        codes = request.POST.getlist("change")[:MANY]
        services.see_changes(rows.filter(public_id__in=codes), actor=actor)
        notice(request, _("Gezien. Ze staan niet meer op de lijst."))
        return redirect("companies:change_list")
    page = page_of(rows, request.filters)
    found = [(change, lines_of(change), stands(change)) for change in page]
    context = {"page_obj": page, "changes": found}
    return render(request, "companies/change_list.html", context)


@allow(Audience.COORDINATOR, methods=("POST",))
def change_undo(request, public_id):
    """Put facts of a company back as they were."""
    change = get_object_or_404(services.changes_for(request.actor), public_id=public_id)
    try:
        services.undo_change(change, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("Teruggezet: %(company)s.") % {"company": change.company.name})
    return redirect("companies:change_list")
