"""What a school and a region decide for themselves."""

from __future__ import annotations

from django.db import models, transaction
from django.utils.translation import gettext as _

from stage.core.enums import FileKind
from stage.core.files import store as files
from stage.core.models import Region, School, StoredFile
from stage.core.record import audit
from stage.core.ui.colour import LIGHT_GROUND, readable
from stage.core.who.policies import ALLOWED, Answer, Denied, require
from stage.schools.models import RegionSettings, SchoolSettings
from stage.schools.services.people import coordinator_at


def bureau_of(actor, region: Region) -> Answer:
    """The bureau of the region."""
    if actor.is_bureau and region.pk in actor.scope.regions:
        return ALLOWED
    return Denied(_("Dit kan alleen het stagebureau van de regio."))


def settings_of_school(school: School) -> SchoolSettings:
    """The school's settings, made with their defaults when there are none yet."""
    return SchoolSettings.objects.get_or_create(school=school)[0]


def settings_of_region(region: Region) -> RegionSettings:
    """The region's settings, made with their defaults when there are none yet."""
    return RegionSettings.objects.get_or_create(region=region)[0]


@transaction.atomic
def change_school_settings(
    settings: SchoolSettings, *, values: dict, actor, logo=None, drop_logo: bool = False
) -> list[str]:
    """Change settings; `logo` is an upload. Answers what changed.

    A colour that cannot be read is made darker. Raises NotAllowed, `media.FileRefused`.
    """
    require(coordinator_at, actor, settings.school)
    if values.get("colour"):
        values = {**values, "colour": readable(values["colour"], LIGHT_GROUND, darker=True)}
    settings = SchoolSettings.objects.select_for_update().get(pk=settings.pk)
    old = settings.logo
    if logo is not None:
        values = {**values, "logo": _stored_logo(settings.school, logo, actor)}
    elif drop_logo:
        values = {**values, "logo": None}
    changed = _change(settings, values)
    if "logo" in changed and old is not None:
        files.remove(old, actor=actor)
    if changed:
        audit.record(actor, "school_settings_changed", settings, fields=changed)
    return changed


def _stored_logo(school: School, upload, actor) -> StoredFile:
    owner = files.Owner(region_id=school.region_id, school_id=school.pk)
    return files.store_upload(
        upload, kind=FileKind.LOGO, owner=owner, actor=actor, allow=("image",)
    )


@transaction.atomic
def change_region_settings(settings: RegionSettings, *, values: dict, actor) -> list[str]:
    """Change a region's settings; answers what changed. Raises NotAllowed."""
    require(bureau_of, actor, settings.region)
    settings = RegionSettings.objects.select_for_update().get(pk=settings.pk)
    changed = _change(settings, values)
    if changed:
        audit.record(actor, "region_settings_changed", settings, fields=changed)
    return changed


def _change(row: models.Model, values: dict) -> list[str]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed
