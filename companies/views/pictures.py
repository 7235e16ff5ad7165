"""The picture of a company: put there, changed and taken away by the company or for it."""

from __future__ import annotations

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from companies import services
from companies.forms.pictures import PictureForm
from companies.views.common import kept_company
from stage.core.enums import Audience
from stage.core.files import media
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow

KEEPERS = (Audience.COORDINATOR, Audience.BUREAU, Audience.COMPANY)


@allow(*KEEPERS, methods=("GET", "POST"))
def picture_edit(request, public_id):
    """The picture students see, and another in its place."""
    company = kept_company(request, public_id)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_picture(
                company,
                form.cleaned_data["picture"],
                words=form.cleaned_data["words"],
                actor=request.actor,
            )
        except media.FileRefused as refused:
            form.add_error("picture", str(refused))
        else:
            notice(request, _("De foto staat erop. Leerlingen en scholen zien hem nu."))
            return redirect("companies:picture_edit", company.public_id)
    return form_page(request, "companies/picture_edit.html", _page(request, company, form))


@allow(*KEEPERS, methods=("POST",))
def picture_remove(request, public_id):
    """No picture any more."""
    company = kept_company(request, public_id)
    services.remove_picture(company, actor=request.actor)
    notice(request, _("De foto is weg."))
    return redirect("companies:picture_edit", company.public_id)


def _page(request, company, form) -> dict:
    layout = "layouts/company.html" if request.actor.is_company else "layouts/desk.html"
    return {"company": company, "form": form, "layout": layout}
