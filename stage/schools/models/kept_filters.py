"""What somebody narrowed a list to, kept under a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stage.core.models import SchoolOrBureauQuerySet
from stage.core.models.base import new_public_id

NAME_LENGTH = 40


class KeptFilterQuerySet(SchoolOrBureauQuerySet):
    def _within(self, actor):
        """A filter is of who kept it: also within a school nobody else sees it."""
        return super()._within(actor).filter(member=actor.membership)

    def present(self):
        """Without what was removed; that stays a while, for who takes it back."""
        return self.filter(removed_at=None)


class KeptFilter(models.Model):
    """One filter of one list; `school` is empty for somebody of a region's bureau."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    page = models.CharField(max_length=80)  # the name of the list's route
    name = models.CharField(_("naam"), max_length=NAME_LENGTH)
    query = models.CharField(max_length=2000)  # as the list's own form writes it
    made_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = KeptFilterQuerySet.as_manager()

    class Meta:
        ordering = ["page", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "member",
                "page",
                Lower("name"),
                condition=Q(removed_at=None),
                name="kept_filter_named_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.name}"
