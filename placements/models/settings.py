"""What a school decides about its students' applications."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stage.schools.models import SettingsRow


class PlacementSettings(SettingsRow):
    """How many applications a student may have with companies at once."""

    max_applications = models.PositiveSmallIntegerField(_("sollicitaties per leerling"), default=3)
