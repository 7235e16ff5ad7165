"""Who guides a student, as the apps that arrange it say; and who stands in for a colleague."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id
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


class StandInQuerySet(TenantQuerySet):
    def open(self):
        """Not ended by anybody, and not over."""
        return self.filter(ended_at__isnull=True, until__gte=school_today())

    def now(self):
        return self.open().filter(starts__lte=school_today())

    def of(self, membership_id: int | None):
        """Where somebody is away."""
        return self.filter(absent_id=membership_id)

    def by(self, membership_id: int | None):
        """Where somebody takes a colleague's part."""
        return self.filter(stand_in_id=membership_id)


class StandIn(SchoolRow):
    """A colleague is away for a while and another takes the part, until a day (the last one).

    What it opens stands in `Guides`, a row per student; `services.stand_ins` writes both.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    absent = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    stand_in = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    starts = models.DateField(_("vanaf"))
    until = models.DateField(_("tot en met"))
    # All students, also who comes later; else the numbers of the chosen ones.
    everyone = models.BooleanField(default=True)
    chosen = ArrayField(models.BigIntegerField(), default=list, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StandInQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("starts")), name="stand_in_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(absent=F("stand_in")), name="stand_in_is_somebody_else"
            ),
        ]

    @property
    def step(self) -> str:
        """By what its mail is known until it leaves."""
        return f"stand-in:{self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.until >= school_today()

    @property
    def can_be_undone(self) -> bool:
        """Whether nobody was told yet."""
        return self.is_open and timezone.now() < self.made_at + mail.undo_for()


class Guides(StudentRow):
    """Somebody guides a student until a day. Written by the app that knows why, read by all.

    `source` and `number` say from which row it follows (a placement's number), without a key: what
    stands here need not know what stands above it. The mentor is not copied here.
    """

    who = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    # Of a stand-in: whose part it takes, as mentor or as teacher of a placement.
    instead_of = models.ForeignKey(
        "core.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=GuideKind)
    starts = models.DateField(null=True, blank=True)  # empty: at once
    until = models.DateField(null=True, blank=True)  # last day; empty: no end is known
    source = models.CharField(max_length=20)
    number = models.BigIntegerField()

    objects = GuidesQuerySet.as_manager()

    class Meta(StudentRow.Meta):
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["school"], condition=Q(kind="stand_in"), name="guides_stand_in")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number", "kind", "who"],
                condition=~Q(kind="stand_in"),
                name="guides_once",
            ),
            models.UniqueConstraint(
                fields=["number", "who", "student", "instead_of"],
                condition=Q(kind="stand_in"),
                name="guides_stand_in_once",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True)
                | Q(until__isnull=True)
                | Q(until__gte=F("starts")),
                name="guides_ends_after_start",
            ),
        ]
