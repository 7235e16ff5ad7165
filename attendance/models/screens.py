"""A company's own tablet, phone or computer that shows a code, another one every thirty seconds."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models.base import CompanyRow
from stage.core.models.base import TenantQuerySet, new_public_id

# How long after making it a screen can be put on a device.
PAIR_FOR = timedelta(minutes=15)


def new_secret() -> str:
    return secrets.token_hex(32)


class ScreenQuerySet(TenantQuerySet):
    def standing(self):
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Screen(CompanyRow):
    """One device at one location. `key` is what its browser holds, hashed; empty until paired."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    location = models.ForeignKey("companies.Location", models.PROTECT, related_name="+")
    name = models.CharField(_("waar staat het?"), max_length=60)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    pairing = models.CharField(max_length=64, blank=True)  # the code to pair with, hashed
    key = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScreenQuerySet.as_manager()

    class Meta(CompanyRow.Meta):
        ordering = ["pk"]
        indexes = [models.Index(fields=["key"], name="screen_of_key")]

    @property
    def is_waiting(self) -> bool:
        """Whether it can still be put on a device."""
        return not self.key and timezone.now() < self.made_at + PAIR_FOR
