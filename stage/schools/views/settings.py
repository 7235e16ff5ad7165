"""What a school and a region decide for themselves."""

from __future__ import annotations

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.enums import Audience
from stage.core.files.media import FileRefused
from stage.core.models import Region, School
from stage.core.ui.back import next_of
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.schools.forms.settings import RegionSettingsForm
from stage.schools.forms.settings_page import SettingsPage
from stage.schools.models import RegionSettings, SchoolSettings
from stage.schools.services import school_settings


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def settings_school(request):
    """All settings of the school, of every app that has some; with ?next= back to who asked."""
    school = School.objects.get(pk=request.actor.school_id)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    page = SettingsPage(school.pk, *given)
    if request.method == "POST" and page.is_valid() and _save_school(request, page):
        return redirect(next_of(request, reverse("schools:settings_school")))
    context = {
        "page": page,
        "school": school,
        "logo": SchoolSettings.objects.select_related("logo").of(school.pk).logo,
    }
    return form_page(request, "schools/settings_school.html", context)


def _save_school(request, page: SettingsPage) -> bool:
    try:
        changed = page.save(actor=request.actor)
    except FileRefused as error:
        page.add_error("logo_upload", str(error))
        return False
    text = _("De instellingen zijn bewaard.")
    colour = SchoolSettings.objects.of(request.actor.school_id).colour
    if changed.get("colour", colour) != colour:
        text = _(
            "De instellingen zijn bewaard. De kleur is iets donkerder gemaakt: %(colour)s."
        ) % {"colour": colour}
    notice(request, text)
    return True


@allow(Audience.BUREAU, methods=("GET", "POST"))
def settings_region(request):
    """All settings of the region."""
    region = Region.objects.get(pk=request.actor.scope.regions[0])
    settings = RegionSettings.objects.of(region.pk)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RegionSettingsForm(*given, instance=settings)
    if request.method == "POST" and form.is_valid() and _save_region(request, form):
        return redirect("schools:settings_region")
    logo = RegionSettings.objects.select_related("logo").of(region.pk).logo
    context = {"form": form, "region": region, "logo": logo}
    return form_page(request, "schools/settings_region.html", context)


def _save_region(request, form: RegionSettingsForm) -> bool:
    try:
        school_settings.change_region_settings(
            form.instance, values=form.values(), actor=request.actor, **form.looks()
        )
    except FileRefused as error:
        form.add_error("logo_upload", str(error))
        return False
    notice(request, _("De instellingen zijn bewaard."))
    return True
