"""What the app's models share."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from stage.core.models.base import TenantQuerySet, q_of_pairs
from stage.schools.models.base import StudentRow


class PlacedQuerySet(TenantQuerySet):
    """A placement and its papers: of the company's contacts, of those who sign for it, and of the

    supervisor who was put on it. `placement` is the way to the placement from a row.
    """

    placement = "placement"

    def _company_q(self, columns, scope) -> Q:
        reach = scope.reach
        own = Q(**{f"{self.placement}__in": reach.placements})
        return q_of_pairs((*reach.contact, *reach.signatory)) | own


class AboutPlacement(StudentRow):
    """A row about one student at one company (S P C)."""

    company = models.ForeignKey("companies.Company", models.PROTECT, related_name="+")

    class Meta(StudentRow.Meta):
        abstract = True
