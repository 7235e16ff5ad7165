"""Letters that a school keeps to begin another one with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id


class LetterTextQuerySet(TenantQuerySet):
    """A school's own, and what schools of the region share; the bureau reads the shared ones."""

    def _school_q(self, columns, scope) -> Q:
        return super()._school_q(columns, scope) | self._shared_q(scope)

    def _bureau_q(self, columns, scope) -> Q:
        return self._shared_q(scope)

    def _shared_q(self, scope) -> Q:
        return Q(shared=True, region_id__in=scope.regions)


class LetterText(SchoolRow):
    """An example letter: words and fields, of nobody. The school may show it to the region."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    name = models.CharField(_("naam"), max_length=80)
    subject = models.CharField(_("onderwerp"), max_length=120)
    text = models.TextField(_("brief"), max_length=6000)
    shared = models.BooleanField(_("gedeeld met de regio"), default=False)
    created_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # When the school last wrote in it or began a letter with it.
    used_at = models.DateTimeField(default=timezone.now)
    is_own: bool  # whether it is of the reader's school; set by the list

    objects = LetterTextQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
