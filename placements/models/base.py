"""What the app's models share."""

from __future__ import annotations

from django.db import models

from stage.core.models.base import StudentRow


class AboutPlacement(StudentRow):
    """A row about one student at one company (S P C)."""

    company = models.ForeignKey("companies.Company", models.PROTECT, related_name="+")

    class Meta(StudentRow.Meta):
        abstract = True
