"""Two companies of the pool of which somebody said that they are not one."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from companies.models.pool import Company
from stage.core.models.base import PoolRow


class NotSame(PoolRow):
    """They look alike and are two; neither is proposed with the other again."""

    first = models.ForeignKey(Company, models.PROTECT, related_name="+")
    second = models.ForeignKey(Company, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta(PoolRow.Meta):
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_same_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="not_same_in_order"
            ),
        ]

    @staticmethod
    def key(one: Company, other: Company) -> tuple[int, int]:
        """The two in the one order in which a pair stands; of each family the one that stays."""
        numbers = one.family_id, other.family_id
        return min(numbers), max(numbers)
