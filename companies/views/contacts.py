"""The people of a company: who they are, and what they may."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import policies, services
from companies.enums import ContactRole
from companies.forms.contacts import ContactForm
from companies.models import Company, Contact
from companies.services.contacts import may_change
from companies.views.common import (
    KEEPERS,
    allowed_or_403,
    company_or_404,
    home_of,
    kept_company,
    part_page,
)
from stage.core.enums import Audience
from stage.core.ui.back import next_of
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict


def _contact(request, company: Company, public_id: str) -> Contact:
    rows = Contact.objects.visible_to(request.actor).filter(company__in=company.family)
    return get_object_or_404(rows, public_id=public_id)


@allow(*KEEPERS, methods=("GET", "POST"))
def contact_add(request, public_id):
    company = kept_company(request, public_id)
    start = {"roles": [ContactRole.CONTACT]}
    form = ContactForm(request.POST or None, company=company, actor=request.actor, initial=start)
    back = next_of(request, home_of(request.actor, company))
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        row.company, row.region_id = company, company.region_id
        row.roles = form.cleaned_data["roles"]
        services.add_contact(row, actor=request.actor)
        notice(request, _("De contactpersoon staat erbij."))
        return redirect(back)
    return part_page(request, company, form, title=_("Nieuwe contactpersoon"), back=back)


@allow(*KEEPERS, methods=("GET", "POST"))
def contact_edit(request, public_id, contact):
    """Change a contact; the button "werkt hier weer" sends `active`. Gone: `contact_leave`."""
    company = company_or_404(request, public_id)
    row = _contact(request, company, contact)
    allowed_or_403(may_change, request.actor, row)
    back = next_of(request, _back(request, company))
    if request.method == "POST" and request.POST.get("active") == "no":
        return redirect("companies:contact_leave", company.public_id, row.public_id)
    if request.method == "POST" and "active" in request.POST:
        return _bring_back(request, row, back)
    form = ContactForm(request.POST or None, company=company, actor=request.actor, instance=row)
    if request.method == "POST" and form.is_valid():
        answer = _save(request, form, back)
        if answer is not None:
            return answer
    return part_page(request, company, form, title=row.name, back=back)


def _back(request, company: Company) -> str:
    """A supervisor has no page of the company to go back to."""
    if policies.may_keep_company(request.actor, company):
        return home_of(request.actor, company)
    return reverse("web:me")


def _save(request, form: ContactForm, back: str) -> HttpResponse | None:
    try:
        moves_to = services.change_contact(
            form.save(commit=False), roles=form.cleaned_data.get("roles"), actor=request.actor
        )
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return None
    done = _("De gegevens zijn bewaard.")
    if moves_to:
        done = _(
            "Wij sturen een mail naar %(address)s. Open de link daarin."
            " Tot dan geldt uw oude adres."
        ) % {"address": moves_to}
    notice(request, done)
    return redirect(back)


def _bring_back(request, row: Contact, back: str) -> HttpResponse:
    services.set_contact_active(row, active=True, actor=request.actor)
    notice(request, _("%(name)s is weer contactpersoon.") % {"name": row.name})
    return redirect(back)


@allow(Audience.COORDINATOR, methods=("POST",))
def contact_confirm(request, public_id, contact):
    """Yes, this address is this person's: in one press."""
    company = company_or_404(request, public_id)
    row = _contact(request, company, contact)
    if request.POST.get("contact") == row.shown:
        services.confirm_addresses([row], actor=request.actor)
        notice(request, _("Jullie kennen %(name)s nu.") % {"name": row.name})
    else:
        text = _("Het adres van %(name)s is net veranderd. Kijk nog een keer.")
        notice(request, text % {"name": row.name}, tone="attention")
    return redirect(next_of(request, home_of(request.actor, company)))


@allow(Audience.COORDINATOR, methods=("POST",))
def contact_stop(request, public_id, contact):
    """The school does not trust this person any more: at once, in one press."""
    company = company_or_404(request, public_id)
    row = _contact(request, company, contact)
    try:
        asked = services.end_trust(row, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
        return redirect(home_of(request.actor, company))
    text = _("%(name)s ziet niets meer van jullie school.") % {"name": row.name}
    if asked:
        names = ", ".join(c.name for c in asked)
        text += " " + _("Ook gestopt, want door deze persoon genoemd: %(names)s.") % {
            "names": names
        }
    notice(request, text)
    return redirect(home_of(request.actor, company))
