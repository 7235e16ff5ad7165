"""What a school and a region decide for themselves."""

from __future__ import annotations

from django.db import models, transaction
from django.utils.translation import gettext as _

from stage.core.files import kinds
from stage.core.files import store as files
from stage.core.models import Region
from stage.core.record import audit
from stage.core.ui.colour import LIGHT_GROUND, readable
from stage.core.who.policies import ALLOWED, Answer, Denied, coordinator_of, require
from stage.schools.enums import FileKind
from stage.schools.models import RegionSettings, SchoolSettings, SettingsRow


def bureau_of(actor, region: Region) -> Answer:
    """The bureau of the region."""
    if actor.is_bureau and region.pk in actor.scope.regions:
        return ALLOWED
    return Denied(_("Dit kan alleen het stagebureau van de regio."))


@transaction.atomic
def change_settings(settings: SettingsRow, *, values: dict, actor) -> list[str]:
    """Change one app's settings of a school; answers what changed. Raises NotAllowed."""
    require(coordinator_of, actor, settings)
    held = type(settings).objects.select_for_update().get(pk=settings.pk)
    changed = _change(held, values)
    if changed:
        audit.record(actor, "school_settings_changed", held, fields=changed)
    return changed


@transaction.atomic
def change_school_settings(
    settings: SchoolSettings, *, values: dict, actor, logo=None, drop_logo: bool = False
) -> list[str]:
    """Change how a school is reached and how it looks; `logo` is an upload. Answers what changed.

    A colour that cannot be read is made darker. Raises NotAllowed, `media.FileRefused`.
    """
    require(coordinator_of, actor, settings)
    held = SchoolSettings.objects.select_for_update().get(pk=settings.pk)
    owner = files.Owner(region_id=held.school.region_id, school_id=held.school_id)
    values = _with_looks(values, owner, logo, drop_logo, actor)
    changed = change_settings(held, values=values, actor=actor)
    if "logo" in changed and held.logo is not None:
        files.remove(held.logo, actor=actor)
    return changed


def _with_looks(values: dict, owner: files.Owner, logo, drop_logo: bool, actor) -> dict:
    """The values with a colour that can be read, and the logo that comes or goes."""
    if values.get("colour"):
        values = {**values, "colour": readable(values["colour"], LIGHT_GROUND, darker=True)}
    if logo is not None:
        kept = files.store_upload(logo, kind=FileKind.LOGO, owner=owner, actor=actor)
        return {**values, "logo": kept}
    return {**values, "logo": None} if drop_logo else values


@kinds.register(FileKind.LOGO, takes=("image",), of_school=True)
def see_logo(actor, file) -> Answer:
    """Whoever sees the school."""
    return ALLOWED


@transaction.atomic
def change_region_settings(
    settings: RegionSettings, *, values: dict, actor, logo=None, drop_logo: bool = False
) -> list[str]:
    """Change a region's settings, as a school's; answers what changed.

    Raises NotAllowed, `media.FileRefused`.
    """
    require(bureau_of, actor, settings.region)
    held = RegionSettings.objects.select_for_update().get(pk=settings.pk)
    before = held.logo
    owner = files.Owner(region_id=held.region_id)
    changed = _change(held, _with_looks(values, owner, logo, drop_logo, actor))
    if changed:
        audit.record(actor, "region_settings_changed", held, fields=changed)
    if "logo" in changed and before is not None:
        files.remove(before, actor=actor)
    return changed


def _change(row: models.Model, values: dict) -> list[str]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed
