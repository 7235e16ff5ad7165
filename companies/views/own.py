"""A company keeps its own profile."""

from __future__ import annotations

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from companies import policies, services
from companies.forms.pool import OwnProfileForm
from companies.models import Department, Location
from companies.people import people_of
from companies.views.common import allowed_or_403, company_or_404
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow


@allow(Audience.COMPANY, methods=("GET", "POST"))
def profile_edit(request, public_id):
    company = company_or_404(request, public_id)
    allowed_or_403(policies.may_keep_company, request.actor, company)
    if company.public_id != public_id:
        return redirect("companies:profile_edit", company.public_id)
    here = {"company__family_id": company.family_id}
    form = OwnProfileForm(request.POST or None, instance=company)
    if request.method == "POST" and form.is_valid():
        services.update_company(company, actor=request.actor, **form.cleaned_data)
        notice(request, _("Uw profiel is bewaard. Leerlingen en scholen zien het nu zo."))
        return redirect("companies:profile_edit", company.public_id)
    return form_page(
        request,
        "companies/profile_edit.html",
        {
            "form": form,
            "company": company,
            "people": people_of(company, request.actor),
            "locations": Location.objects.filter(**here).select_related("company__merged_into"),
            "departments": Department.objects.filter(**here).select_related("location"),
        },
    )
