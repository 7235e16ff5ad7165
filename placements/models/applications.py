"""Students' wishes for a place."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from placements.enums import OPEN_APPLICATIONS, ApplicationState
from placements.models.base import AboutPlacement
from stage.core import mail
from stage.core.models.base import TenantQuerySet, new_public_id


class ApplicationQuerySet(TenantQuerySet):
    def open(self):
        return self.filter(state__in=OPEN_APPLICATIONS)

    def _within(self, actor):
        rows = super()._within(actor)
        if actor.is_student:
            return rows
        # A draft is the student's own until it is sent.
        rows = rows.exclude(state=ApplicationState.DRAFT)
        return rows.none() if actor.is_guardian else rows


class Application(AboutPlacement):
    """A student's motivated wish for a place, ranked (1 is dearest). One per student and place."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    place = models.ForeignKey("companies.Place", models.PROTECT, related_name="applications")
    period = models.ForeignKey("schools.Period", models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(_("voorkeur"), default=1)
    motivation = models.TextField(_("motivatie"), max_length=2000, blank=True)
    state = models.CharField(
        max_length=14, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    reason = models.CharField(_("reden"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # What it was before it was withdrawn, and when: to take that back while nobody was told.
    was = models.CharField(max_length=14, choices=ApplicationState, blank=True)
    was_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["rank", "pk"]
        indexes = [
            models.Index(
                fields=["submitted_at"],
                condition=models.Q(state="with_company"),
                name="application_unanswered",
            ),
            models.Index(
                fields=["school"], condition=models.Q(state="parked"), name="application_parked"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["student", "place"], name="application_once")
        ]

    @property
    def step(self) -> str:
        """By what the mails of its withdrawing are known until they leave."""
        return f"withdraw:{self.public_id}"

    @property
    def can_be_taken_up(self) -> bool:
        """Withdrawn, and nobody was told yet."""
        if self.state != ApplicationState.WITHDRAWN or not self.was or self.was_at is None:
            return False
        return timezone.now() < self.was_at + mail.undo_for()

    @property
    def is_draft(self) -> bool:
        return self.state == ApplicationState.DRAFT

    @property
    def was_sent(self) -> bool:
        """Whether the company may read it: a draft that was closed never was."""
        closed = self.state == ApplicationState.CLOSED and self.submitted_at is None
        return not self.is_draft and not closed

    @property
    def is_with_company(self) -> bool:
        """Whether it was sent and the company has not answered."""
        return self.state == ApplicationState.WITH_COMPANY

    @property
    def was_answered(self) -> bool:
        """Whether the company said something, or let its time go by."""
        return self.state in (
            ApplicationState.ACCEPTED,
            ApplicationState.DECLINED,
            ApplicationState.EXPIRED,
        )

    @property
    def is_parked(self) -> bool:
        """Whether it rests because another company said yes."""
        return self.state == ApplicationState.PARKED

    @property
    def is_accepted(self) -> bool:
        return self.state == ApplicationState.ACCEPTED
