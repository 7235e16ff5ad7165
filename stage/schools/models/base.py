"""Rows about a student."""

from __future__ import annotations

from django.db import models

from stage.core.models.base import SchoolRow


class StudentRow(SchoolRow):
    """A row about one student (S P)."""

    student = models.ForeignKey("schools.Student", models.PROTECT, related_name="+")

    class Meta(SchoolRow.Meta):
        abstract = True
