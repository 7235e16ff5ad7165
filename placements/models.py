"""Applications, placements and the agreements about them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placements.enums import (
    LIVE_PLACEMENTS,
    OPEN_APPLICATIONS,
    AgreementState,
    ApplicationState,
    Party,
    PlacementState,
    SignatureMethod,
)
from stage.core.enums import Audience
from stage.core.models.base import SchoolRow, StudentRow, TenantQuerySet, new_public_id


class AboutPlacement(StudentRow):
    """A row about one student at one company (S P C)."""

    company = models.ForeignKey("companies.Company", models.PROTECT, related_name="+")

    class Meta(StudentRow.Meta):
        abstract = True


class ApplicationQuerySet(TenantQuerySet):
    def open(self):
        return self.filter(state__in=OPEN_APPLICATIONS)

    def _within(self, actor):
        rows = super()._within(actor)
        # A draft is the student's own until it is sent.
        return rows if actor.is_student else rows.exclude(state=ApplicationState.DRAFT)


class Application(AboutPlacement):
    """A student's motivated wish for a place, ranked (1 is dearest). One per student and place."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    place = models.ForeignKey("companies.Place", models.PROTECT, related_name="applications")
    period = models.ForeignKey("core.Period", models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(_("voorkeur"), default=1)
    motivation = models.TextField(_("motivatie"), max_length=2000, blank=True)
    state = models.CharField(
        max_length=14, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    reason = models.CharField(_("reden"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["student", "place"], name="application_once")
        ]


class PlacementQuerySet(TenantQuerySet):
    def live(self):
        """Placements that take up a place and the student's time."""
        return self.filter(state__in=LIVE_PLACEMENTS)

    def on(self, day):
        """Live placements whose dates include the day."""
        return self.live().filter(starts__lte=day, ends__gte=day)

    def guided_by(self, membership_id: int):
        return self.filter(teacher_id=membership_id)


class Placement(AboutPlacement):
    """A student at a company in a period."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    place = models.ForeignKey(
        "companies.Place", models.PROTECT, null=True, blank=True, related_name="placements"
    )
    period = models.ForeignKey("core.Period", models.PROTECT, related_name="+")
    location = models.ForeignKey(
        "companies.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    teacher = models.ForeignKey(
        "core.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    supervisor = models.ForeignKey(
        "companies.Contact", models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts = models.DateField(_("eerste dag"))
    ends = models.DateField(_("laatste dag"))
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("dagen in de week"))
    day_from = models.TimeField(_("begintijd"))
    day_to = models.TimeField(_("eindtijd"))
    break_minutes = models.PositiveSmallIntegerField(_("pauze (minuten)"), default=30)
    tasks = models.TextField(_("wat de leerling doet"), max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=PlacementState, default=PlacementState.CONCEPT)
    briefed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlacementQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="placement_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["student", "period"],
                condition=Q(state__in=[s.value for s in LIVE_PLACEMENTS]),
                name="placement_one_live_per_period",
            ),
        ]


class PlannedDay(AboutPlacement):
    """One day of work as planned. Unique per student and date: overlap cannot be stored."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="planned_days")
    date = models.DateField(_("datum"))
    day_from = models.TimeField(_("van"))
    day_to = models.TimeField(_("tot"))
    break_minutes = models.PositiveSmallIntegerField(_("pauze (minuten)"))

    class Meta(AboutPlacement.Meta):
        ordering = ["date", "pk"]
        constraints = [models.UniqueConstraint(fields=["student", "date"], name="planned_day_once")]

    @property
    def minutes(self) -> int:
        """Planned working time without the break."""
        from_, to = self.day_from, self.day_to
        return (to.hour * 60 + to.minute) - (from_.hour * 60 + from_.minute) - self.break_minutes


class RuleOverride(AboutPlacement):
    """A rule that was not met, and why the school goes on all the same."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="overrides")
    rule = models.CharField(max_length=40)
    finding = models.CharField(max_length=300)
    reason = models.CharField(_("reden"), max_length=500)
    by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(AboutPlacement.Meta):
        ordering = ["pk"]


class ArticleTemplate(SchoolRow):
    """One article of the school's agreement text; what is in force is copied into agreements."""

    number = models.PositiveSmallIntegerField(_("nummer"))
    title = models.CharField(_("titel"), max_length=120)
    text = models.TextField(_("tekst"), max_length=6000)
    parties = ArrayField(models.CharField(max_length=10, choices=Party), default=list)

    class Meta(SchoolRow.Meta):
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="article_template_once")
        ]


class Agreement(AboutPlacement):
    """The stageovereenkomst of one placement; a change makes a new version."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=AgreementState, default=AgreementState.FILLING)
    whole_hash = models.CharField(max_length=64, blank=True)  # SHA-256 of the frozen text
    frozen_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(AboutPlacement.Meta):
        ordering = ["-version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["placement"],
                condition=~Q(state="superseded"),
                name="agreement_one_in_force",
            ),
        ]


class AgreementArticle(AboutPlacement):
    """One article as it reads in one agreement: a copy, with its hash once frozen."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="articles")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    parties = ArrayField(models.CharField(max_length=10, choices=Party), default=list)
    digest = models.CharField(max_length=64, blank=True)

    class Meta(AboutPlacement.Meta):
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_article_once")
        ]


class AgreementAnswer(AboutPlacement):
    """What one party filled in, and when it said: this is right."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="answers")
    party = models.CharField(max_length=10, choices=Party)
    fields = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=120, blank=True)

    class Meta(AboutPlacement.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="agreement_answer_once")
        ]


class Signature(AboutPlacement):
    """One person's signature under one frozen text."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10, choices=Party)
    person_kind = models.CharField(max_length=12)
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    whole_hash = models.CharField(max_length=64)
    method = models.CharField(max_length=6, choices=SignatureMethod)
    statement = models.CharField(max_length=300)
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    paper = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, related_name="+")
    seen_by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")

    class Meta(AboutPlacement.Meta):
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party", "person_kind", "person_id"], name="signature_once"
            )
        ]


def is_own_teacher(actor, placement) -> bool:
    """Whether a teacher guides this placement; coordinators see every student of the school."""
    return actor.role == Audience.COORDINATOR or placement.teacher_id == actor.membership
