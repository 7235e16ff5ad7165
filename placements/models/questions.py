"""What a company asks before it says yes or no."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from placements.enums import QUESTIONS_OF, PutTo
from placements.models.applications import Application
from placements.models.base import AboutPlacement
from stage.core.models.base import TenantQuerySet, new_public_id


class ApplicationQuestionQuerySet(TenantQuerySet):
    def _within(self, actor):
        rows = super()._within(actor)
        if actor.is_guardian:
            return rows.none()
        # What a company asks the school about a student is between those two.
        return rows.filter(put_to=PutTo.STUDENT) if actor.is_student else rows

    def open(self):
        """Without an answer, of an application that still runs: it closes with it."""
        return self.filter(answered_at=None, application__state__in=QUESTIONS_OF)


class ApplicationQuestion(AboutPlacement):
    """One question of a company about one application, put to the school or to the student."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="questions")
    put_to = models.CharField(_("voor wie"), max_length=7, choices=PutTo, default=PutTo.SCHOOL)
    text = models.TextField(_("vraag"), max_length=600, blank=True)
    # Where the answer goes; empty for who is known by another member of the company's family.
    asked_by = models.ForeignKey(
        "companies.Contact", models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by_name = models.CharField(max_length=160)
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(_("antwoord"), max_length=1000, blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuestionQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["asked_at", "pk"]

    @property
    def is_to_student(self) -> bool:
        return self.put_to == PutTo.STUDENT

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
