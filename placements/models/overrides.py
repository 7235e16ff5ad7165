"""The exceptions a school allowed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from placements.models.base import AboutPlacement
from placements.models.placements import Placement


class RuleOverride(AboutPlacement):
    """A rule that was not met, and why the school goes on all the same."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="overrides")
    rule = models.CharField(max_length=40)
    finding = models.CharField(max_length=300)
    reason = models.CharField(_("reden"), max_length=500)
    by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(AboutPlacement.Meta):
        ordering = ["pk"]
