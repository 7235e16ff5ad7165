"""Agreements: articles, answers and signatures; a school's text and its settings of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placements.agreements.enums import (
    AgreementState,
    GuardiansNeeded,
    Party,
    SignatureMethod,
    SigningOrder,
)
from placements.models.base import AboutPlacement, PlacedQuerySet
from placements.models.placements import Placement
from stage.core.models.base import SchoolRow, new_public_id
from stage.core.record.frozen import Frozen
from stage.schools.models import SettingsRow


class PapersQuerySet(PlacedQuerySet):
    """What hangs on an agreement."""

    placement = "agreement__placement"


class AgreementSettings(SettingsRow):
    """Who signs at home, in which order, whether paper does, and what is said about insurance."""

    guardians_needed = models.CharField(
        _("wie tekent er thuis"),
        max_length=3,
        choices=GuardiansNeeded,
        default=GuardiansNeeded.ONE,
    )
    signing_order = models.CharField(
        _("in welke volgorde"),
        max_length=10,
        choices=SigningOrder,
        default=SigningOrder.TOGETHER,
    )
    paper_counts = models.BooleanField(
        _("een formulier in het dossier telt als handtekening"), default=True
    )
    liability_maximum = models.PositiveIntegerField(
        _("verzekerd bedrag bij schade, in euro"), default=1_000_000
    )
    insurance_text = models.TextField(_("wie is waarvoor verzekerd"), blank=True)


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


class Agreement(AboutPlacement, Frozen):
    """The stageovereenkomst of one placement; a change makes a new version.

    Its document is what everybody signs, complete: facts and articles as they were when the text
    was fixed.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=AgreementState, default=AgreementState.FILLING)
    # Why this version replaces the one before, and which party (or the school) asked for it.
    objection = models.CharField(_("wat er niet klopt"), max_length=1000, blank=True)
    objection_by = models.CharField(max_length=10, choices=Party, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlacedQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["-version", "pk"]
        constraints = [
            *Frozen.Meta.constraints,
            models.UniqueConstraint(fields=["placement", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["placement"],
                condition=~Q(state="superseded"),
                name="agreement_one_in_force",
            ),
        ]

    @property
    def is_filling(self) -> bool:
        """Whether parties still fill in, so that the text may change."""
        return self.state == AgreementState.FILLING

    @property
    def is_signing(self) -> bool:
        """Whether the text is fixed and signatures are waited for."""
        return self.state == AgreementState.SIGNING

    @property
    def is_complete(self) -> bool:
        return self.state == AgreementState.COMPLETE

    @property
    def is_superseded(self) -> bool:
        """Whether a newer version took its place, or its placement was called off."""
        return self.state == AgreementState.SUPERSEDED


class AgreementArticle(AboutPlacement):
    """One article as it reads in one agreement: a copy, with its hash once frozen."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="articles")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    parties = ArrayField(models.CharField(max_length=10, choices=Party), default=list)
    digest = models.CharField(max_length=64, blank=True)

    objects = PapersQuerySet.as_manager()

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

    objects = PapersQuerySet.as_manager()

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

    objects = PapersQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party", "person_kind", "person_id"], name="signature_once"
            )
        ]
