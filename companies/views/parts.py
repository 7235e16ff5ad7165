"""Locations and departments of a company, for school, bureau and the company itself."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from companies import documents, services
from companies.forms.pool import DepartmentForm, LocationForm
from companies.models import Department, Location
from companies.views.common import (
    KEEPERS,
    company_or_404,
    home_of,
    kept_company,
    part_page,
)
from stage.core.enums import Audience
from stage.core.ui.back import next_of
from stage.core.ui.confirm import confirm_removal
from stage.core.ui.download import PDF, download
from stage.core.ui.notices import notice
from stage.core.who.access import allow


def _edit_part(request, company, form, *, save, title: str, done: str):
    """Show or save the form of one part; back to the company afterwards."""
    back = next_of(request, home_of(request.actor, company))
    if request.method == "POST" and form.is_valid():
        part = form.save(commit=False)
        if part.pk is None:
            part.company, part.region_id = company, company.region_id
        save(part, actor=request.actor, fields=form.changed_data)
        notice(request, done)
        return redirect(back)
    return part_page(request, company, form, title=title, back=back)


@allow(*KEEPERS, methods=("GET", "POST"))
def location_add(request, public_id):
    company = kept_company(request, public_id)
    form = LocationForm(request.POST or None)
    return _edit_part(
        request,
        company,
        form,
        save=services.save_location,
        title=_("Nieuwe locatie"),
        done=_("De locatie staat erbij."),
    )


@allow(*KEEPERS, methods=("GET", "POST"))
def location_edit(request, public_id, location):
    company = kept_company(request, public_id)
    row = get_object_or_404(
        Location.objects.visible_to(request.actor).filter(company__in=company.family),
        public_id=location,
    )
    form = LocationForm(request.POST or None, instance=row)
    title = str(row) or _("Locatie")
    done = _("De locatie is bewaard.")
    save = services.save_location
    return _edit_part(request, company, form, save=save, title=title, done=done)


@allow(*KEEPERS, methods=("GET", "POST"))
def department_add(request, public_id):
    company = kept_company(request, public_id)
    form = DepartmentForm(request.POST or None, company=company)
    return _edit_part(
        request,
        company,
        form,
        save=services.save_department,
        title=_("Nieuwe afdeling"),
        done=_("De afdeling staat erbij."),
    )


def _department(request, company, public_id):
    return get_object_or_404(
        Department.objects.visible_to(request.actor)
        .filter(company__in=company.family)
        .select_related("company"),
        public_id=public_id,
    )


@allow(*KEEPERS, methods=("GET", "POST"))
def department_edit(request, public_id, department):
    company = kept_company(request, public_id)
    row = _department(request, company, department)
    form = DepartmentForm(request.POST or None, company=row.company, instance=row)
    done = _("De afdeling is bewaard.")
    save = services.save_department
    return _edit_part(request, company, form, save=save, title=row.name, done=done)


@allow(*KEEPERS, methods=("GET", "POST"))
def department_remove(request, public_id, department):
    company = kept_company(request, public_id)
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
        Location.objects.visible_to(request.actor)
        .filter(company__in=company.family)
        .select_related("company"),
        public_id=location,
    )
    return download(documents.poster_pdf(row), "poster.pdf", PDF, inline=True)
