"""What changes in a placement once it is made: asked, done, refused or taken back."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from placements.enums import ENDINGS, ChangeKind, ChangeReason, ChangeState, Heard
from placements.models.base import AboutPlacement, PlacedQuerySet
from placements.models.placements import Placement
from stage.core import mail
from stage.core.enums import Audience
from stage.core.models.base import new_public_id


class PlacementChangeQuerySet(PlacedQuerySet):
    def _company_q(self, columns, scope) -> Q:
        """What the company asked itself; what the school wrote about an end is not for it."""
        return super()._company_q(columns, scope) & Q(asked_kind=Audience.COMPANY)

    def asked(self):
        """Waiting for the school."""
        return self.filter(state=ChangeState.ASKED)

    def done(self):
        return self.filter(state=ChangeState.DONE)


class PlacementChange(AboutPlacement):
    """One change of one placement, with why, who was heard, and what stood there before.

    `wanted` holds what was chosen, `before` what it replaced (plain JSON, `placements.changes`):
    enough to show both side by side and to take the change back.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12, choices=ChangeKind)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.ASKED)
    from_on = models.DateField(_("vanaf"))
    until_on = models.DateField(_("tot en met"), null=True, blank=True)
    reason = models.CharField(_("waarom"), max_length=20, choices=ChangeReason)
    words = models.TextField(_("toelichting"), max_length=1000, blank=True)
    heard = ArrayField(
        models.CharField(max_length=12, choices=Heard),
        verbose_name=_("met wie is gesproken"),
        default=list,
        blank=True,
    )
    wanted = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    # Where a move went; the placement there says the rest.
    moved_to = models.OneToOneField(
        Placement, models.PROTECT, null=True, blank=True, related_name="moved_by"
    )
    asked_kind = models.CharField(max_length=12, choices=Audience)
    asked_by_name = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        "core.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("antwoord van de school"), max_length=500, blank=True)

    objects = PlacementChangeQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="change_ends_after_start",
            ),
            # Asked twice is asked once: the first one stays until the school answers.
            models.UniqueConstraint(
                fields=["placement", "kind"],
                condition=Q(state="asked"),
                name="change_asked_once",
            ),
        ]

    @property
    def is_asked(self) -> bool:
        return self.state == ChangeState.ASKED

    @property
    def is_done(self) -> bool:
        return self.state == ChangeState.DONE

    @property
    def is_refused(self) -> bool:
        return self.state == ChangeState.REFUSED

    @property
    def is_ending(self) -> bool:
        """Whether the placement at this company ends with it."""
        return self.kind in (*ENDINGS, ChangeKind.UNMATCH)

    @property
    def told_at(self) -> datetime:
        """From when its mails go out: until then it can be taken back without a word."""
        return (self.decided_at or self.asked_at) + mail.undo_for()

    @property
    def step(self) -> str:
        """By what its mails are known until they leave."""
        return f"change:{self.public_id}"

    @property
    def can_be_undone(self) -> bool:
        """Done, and nobody was told yet."""
        return self.is_done and timezone.now() < self.told_at
