"""Rows of the pool about a company."""

from __future__ import annotations

from django.db import models

from stage.core.models.base import PoolRow


class CompanyRow(PoolRow):
    """A pool row about one company (R C)."""

    company = models.ForeignKey("companies.Company", models.PROTECT, related_name="+")

    class Meta(PoolRow.Meta):
        abstract = True
