"""Who guides a student, as the apps that arrange it say."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from stage.core.dutch.calendar import school_today
from stage.core.models.base import TenantQuerySet
from stage.schools.enums import GuideKind
from stage.schools.models.base import StudentRow


class GuidesQuerySet(TenantQuerySet):
    def now(self):
        """Who guides today: begun, and without an end or before it."""
        today = school_today()
        begun = Q(starts__isnull=True) | Q(starts__lte=today)
        return self.filter(begun, Q(until__isnull=True) | Q(until__gte=today))

    def reading(self):
        """Who may read about the student: who guides now, and the teacher who did.

        A teacher is asked about a placement long after its last day; a stand-in or a jobcoach whose
        time is over is not.
        """
        return self.filter(kind=GuideKind.TEACHER) | self.now()


class Guides(StudentRow):
    """Somebody guides a student until a day. Written by the app that knows why, read by all.

    `source` and `number` say from which row it follows (a placement's number), without a key: what
    stands here need not know what stands above it. The mentor is not copied here.
    """

    who = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=GuideKind)
    starts = models.DateField(null=True, blank=True)  # empty: at once
    until = models.DateField(null=True, blank=True)  # last day; empty: no end is known
    source = models.CharField(max_length=20)
    number = models.BigIntegerField()

    objects = GuidesQuerySet.as_manager()

    class Meta(StudentRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number", "kind", "who"], name="guides_once"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True)
                | Q(until__isnull=True)
                | Q(until__gte=F("starts")),
                name="guides_ends_after_start",
            ),
        ]
