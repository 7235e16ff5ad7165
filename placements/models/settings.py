"""What a school decides about its students' applications."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from placements.enums import AfterYes
from stage.schools.models import SettingsRow


class PlacementSettings(SettingsRow):
    """How many applications a student may have at once, and what a yes does to the others."""

    max_applications = models.PositiveSmallIntegerField(_("sollicitaties per leerling"), default=3)
    after_yes = models.CharField(
        _("na een ja van een bedrijf"),
        max_length=5,
        choices=AfterYes,
        default=AfterYes.PARK,
    )
