"""How somebody wants to hear by mail: who logs in at a school, and who comes by a mailed link."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stage.core.enums import PersonKind
from stage.core.models.base import SchoolRow, TenantQuerySet


class NoticeSettingsQuerySet(TenantQuerySet):
    def _within(self, actor):
        """Of who chose it, in any of its roles: also within a school nobody else reads it."""
        # Who comes by a link has a number of another kind.
        rows = super()._within(actor)
        return rows.filter(member__user=actor.id) if actor.kind == "user" else rows.none()


class NoticeSettings(SchoolRow):
    """The choices of one membership; who keeps to what is usual has no row.

    They hold for all roles of that person at the school: of more rows the one chosen last.

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


class NoticesOff(models.Model):
    """The kinds of mail that somebody without a log-in does not want.

    By the same pair of kind and number as the outbox; nobody who gets everything has a row.
    """

    person_kind = models.CharField(max_length=12, choices=PersonKind)
    person_id = models.BigIntegerField()
    kinds = models.JSONField(default=list)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_kind", "person_id"], name="one_notices_off")
        ]

    def __str__(self) -> str:
        return f"{self.person_kind} {self.person_id}: {self.kinds}"
