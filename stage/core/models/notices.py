"""How somebody who logs in at a school wants to hear by mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stage.core.models.base import SchoolRow, TenantQuerySet


class NoticeSettingsQuerySet(TenantQuerySet):
    def _within(self, actor):
        """Of who chose it: also within a school nobody else reads it."""
        return super()._within(actor).filter(member=actor.membership)


class NoticeSettings(SchoolRow):
    """The choices of one membership; who keeps to what is usual has no row.

    `paces` is {kind of notice: pace}, for the kinds in which somebody differs from what is usual.
    No quiet hours is both times empty.
    """

    member = models.OneToOneField("core.Membership", models.PROTECT, related_name="+")
    paces = models.JSONField(default=dict)
    digest_at = models.TimeField(_("hoe laat de dagelijkse mail komt"))
    quiet_from = models.TimeField(_("stil vanaf"), null=True)
    quiet_until = models.TimeField(_("stil tot"), null=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = NoticeSettingsQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"notices of {self.member_id}"
