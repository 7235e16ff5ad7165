"""Contacts, locations and departments of a company, for school, bureau and the company itself."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from companies import documents, policies, services
from companies.enums import ContactRole
from companies.forms.pool import ContactForm, DepartmentForm, LocationForm
from companies.models import Contact, Department, Location
from companies.views.common import (
    KEEPERS,
    allowed_or_403,
    company_or_404,
    download,
    form_page,
    home_of,
    safe_next,
)
from stage.core.access import allow
from stage.core.enums import Audience
from stage.core.ui.confirm import confirm_removal
from stage.core.ui.notices import notice


def _kept(request, public_id):
    company = company_or_404(request, public_id)
    allowed_or_403(policies.may_keep_company, request.actor, company)
    return company


def _edit_part(request, company, form, *, title: str, done: str):
    """Show or save the form of one part; back to the company afterwards."""
    back = safe_next(request, home_of(request.actor, company))
    if request.method == "POST" and form.is_valid():
        part = form.save(commit=False)
        part.company, part.region_id = company, company.region_id
        services.save_part(part, actor=request.actor, fields=form.changed_data)
        notice(request, done)
        return redirect(back)
    context = {"form": form, "company": company, "title": title, "back_url": back}
    part = form.instance if form.instance.pk else None
    desk, own = "companies/part_desk.html", "companies/part_company.html"
    template = own if request.actor.is_company else desk
    return form_page(request, template, {**context, "part": part})


@allow(*KEEPERS, methods=("GET", "POST"))
def contact_add(request, public_id):
    company = _kept(request, public_id)
    start = {"roles": [ContactRole.CONTACT]}
    form = ContactForm(request.POST or None, company=company, initial=start)
    return _edit_part(
        request,
        company,
        form,
        title=_("Nieuwe contactpersoon"),
        done=_("De contactpersoon staat erbij."),
    )


@allow(*KEEPERS, methods=("GET", "POST"))
def contact_edit(request, public_id, contact):
    """Change a contact; the button "is hier weg" (or "is er weer") sends `active`."""
    company = _kept(request, public_id)
    row = get_object_or_404(
        Contact.objects.visible_to(request.actor), company=company, public_id=contact
    )
    if request.method == "POST" and "active" in request.POST:
        active = request.POST["active"] == "yes"
        services.set_contact_active(row, active=active, actor=request.actor)
        word = (
            _("%(name)s is weer contactpersoon.")
            if active
            else _("%(name)s krijgt geen mail meer.")
        )
        notice(request, word % {"name": row.name})
        return redirect(safe_next(request, home_of(request.actor, company)))
    form = ContactForm(request.POST or None, company=company, instance=row)
    return _edit_part(request, company, form, title=row.name, done=_("De gegevens zijn bewaard."))


@allow(*KEEPERS, methods=("GET", "POST"))
def location_add(request, public_id):
    company = _kept(request, public_id)
    form = LocationForm(request.POST or None)
    return _edit_part(
        request, company, form, title=_("Nieuwe locatie"), done=_("De locatie staat erbij.")
    )


@allow(*KEEPERS, methods=("GET", "POST"))
def location_edit(request, public_id, location):
    company = _kept(request, public_id)
    row = get_object_or_404(
        Location.objects.visible_to(request.actor), company=company, public_id=location
    )
    form = LocationForm(request.POST or None, instance=row)
    title = str(row) or _("Locatie")
    return _edit_part(request, company, form, title=title, done=_("De locatie is bewaard."))


@allow(*KEEPERS, methods=("GET", "POST"))
def department_add(request, public_id):
    company = _kept(request, public_id)
    form = DepartmentForm(request.POST or None, company=company)
    return _edit_part(
        request, company, form, title=_("Nieuwe afdeling"), done=_("De afdeling staat erbij.")
    )


def _department(request, company, public_id):
    return get_object_or_404(
        Department.objects.visible_to(request.actor), company=company, public_id=public_id
    )


@allow(*KEEPERS, methods=("GET", "POST"))
def department_edit(request, public_id, department):
    company = _kept(request, public_id)
    row = _department(request, company, department)
    form = DepartmentForm(request.POST or None, company=company, instance=row)
    return _edit_part(request, company, form, title=row.name, done=_("De afdeling is bewaard."))


@allow(*KEEPERS, methods=("GET", "POST"))
def department_remove(request, public_id, department):
    company = _kept(request, public_id)
    row = _department(request, company, department)
    back = home_of(request.actor, company)
    if request.method == "POST":
        services.remove_department(row, actor=request.actor)
        notice(request, _("De afdeling is verwijderd."))
        return redirect(back)
    return confirm_removal(
        request,
        title=_("Afdeling %(name)s verwijderen?") % {"name": row.name},
        text=_("De afdeling verdwijnt uit het profiel van het bedrijf."),
        back_url=back,
    )


@allow(
    Audience.COORDINATOR,
    Audience.TEACHER,
    Audience.BUREAU,
    Audience.COMPANY,
)
def poster_print(request, public_id, location):
    """The poster of one location as PDF."""
    company = company_or_404(request, public_id)
    row = get_object_or_404(
        Location.objects.visible_to(request.actor).select_related("company"),
        company=company,
        public_id=location,
    )
    response = download(documents.poster_pdf(row), "poster.pdf", "application/pdf")
    response["Content-Disposition"] = 'inline; filename="poster.pdf"'
    return response
