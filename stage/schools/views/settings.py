"""What a school and a region decide for themselves."""

from __future__ import annotations

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from stage.core.enums import Audience
from stage.core.files.media import FileRefused
from stage.core.models import Region, School
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.schools.forms.settings import RegionSettingsForm, SchoolSettingsForm
from stage.schools.services import school_settings


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def settings_school(request):
    """All settings of the school."""
    school = School.objects.get(pk=request.actor.school_id)
    settings = school_settings.settings_of_school(school)
    form = SchoolSettingsForm(request.POST or None, request.FILES or None, instance=settings)
    if request.method == "POST" and form.is_valid() and _save_school(request, form, settings):
        return redirect("schools:settings_school")
    context = {"form": form, "school": school, "sections": form.sections(), "settings": settings}
    return form_page(request, "schools/settings_school.html", context)


def _save_school(request, form, settings) -> bool:
    data = form.cleaned_data
    try:
        changed = school_settings.change_school_settings(
            settings,
            values=form.values(),
            actor=request.actor,
            logo=data.get("logo_upload"),
            drop_logo=data.get("drop_logo", False),
        )
    except FileRefused as error:
        form.add_error("logo_upload", str(error))
        return False
    text = _("De instellingen zijn bewaard.")
    settings.refresh_from_db()
    if "colour" in changed and settings.colour != data["colour"]:
        text = _(
            "De instellingen zijn bewaard. De kleur is iets donkerder gemaakt: %(colour)s."
        ) % {"colour": settings.colour}
    notice(request, text)
    return True


@allow(Audience.BUREAU, methods=("GET", "POST"))
def settings_region(request):
    """All settings of the region."""
    region = Region.objects.get(pk=request.actor.scope.regions[0])
    settings = school_settings.settings_of_region(region)
    form = RegionSettingsForm(request.POST or None, instance=settings)
    if request.method == "POST" and form.is_valid():
        school_settings.change_region_settings(
            settings, values=form.cleaned_data, actor=request.actor
        )
        notice(request, _("De instellingen zijn bewaard."))
        return redirect("schools:settings_region")
    return form_page(request, "schools/settings_region.html", {"form": form, "region": region})
