"""What is fixed once and can be shown to be the same ever after: content, hash, when and by whom.

Agreements that people sign are frozen, and so is whatever else must stay what it was: a report that
was filed, a form under which money was paid. A model takes the columns of `Frozen`, its wall the
trigger (`FIXED`, `FIXED_WHEN`; a check refuses a model without), its service `freezing()`.
"""

from __future__ import annotations

import hashlib
import json

from django.db import models
from django.db.models import Q
from django.utils import timezone

# For the table's wall: once there is a document, nobody changes it, its hash, or who fixed it.
FIXED = ("document", "whole_hash", "frozen_at", "frozen_by_id")
FIXED_WHEN = "OLD.document IS NOT NULL"


class Frozen(models.Model):
    """The columns of a row whose content is fixed one day; until then all are empty."""

    # Plain JSON, complete in itself: it must read the same when everything around it has changed.
    document = models.JSONField(null=True, blank=True)
    whole_hash = models.CharField(max_length=64, blank=True)  # digest() of the document
    frozen_at = models.DateTimeField(null=True, blank=True)
    # Empty where a job did it.
    frozen_by = models.ForeignKey(
        "core.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True, whole_hash="", frozen_at__isnull=True)
                | (Q(document__isnull=False, frozen_at__isnull=False) & ~Q(whole_hash="")),
                name="%(app_label)s_%(class)s_frozen_whole",
            )
        ]

    @property
    def is_intact(self) -> bool:
        """Whether the document is still what was fixed; False before anything was."""
        return self.document is not None and digest(self.document) == self.whole_hash


def freezing(document, *, actor) -> dict:
    """The values that fix `document` (plain JSON); a workflow's `apply` takes them."""
    return {
        "document": document,
        "whole_hash": digest(document),
        "frozen_at": timezone.now(),
        "frozen_by_id": actor.membership,
    }


def canonical(value) -> bytes:
    """JSON in one spelling only: sorted keys, no spaces, UTF-8; the same on every machine."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(value) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def short(whole_hash: str) -> str:
    """The first sixteen digits in groups of four: what a person compares; nothing for none."""
    return " ".join(whole_hash[i : i + 4] for i in range(0, min(len(whole_hash), 16), 4))
