"""Phones and computers that show a notice at once."""

from __future__ import annotations

from django.db import models

from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id


class PushSubscriptionQuerySet(TenantQuerySet):
    def _within(self, actor):
        """Of who switched it on: also within a school nobody else sees it."""
        return super()._within(actor).filter(member=actor.membership)


class PushSubscription(SchoolRow):
    """One browser of somebody who logs in, as its maker's push service knows it (RFC 8030).

    `p256dh` and `auth` are the browser's key and secret, base64url without padding: only it reads
    what is sent. `failures` in a row.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    member = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    endpoint = models.CharField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    device = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(auto_now_add=True)
    ok_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return f"{self.device} of {self.member_id}"
