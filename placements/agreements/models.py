"""Agreements: articles, answers and signatures; a school's text and its settings of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placements.agreements.enums import (
    AgreementState,
    GuardiansNeeded,
    LateAnswer,
    Party,
    RefusalKind,
    SignatureMethod,
    SigningOrder,
)
from placements.models.base import AboutPlacement, PlacedQuerySet
from placements.models.changes import PlacementChange
from placements.models.placements import Placement
from stage.core.models.base import SchoolRow, new_public_id
from stage.core.record.frozen import Frozen
from stage.schools.models import SettingsRow


class PapersQuerySet(PlacedQuerySet):
    """What hangs on an agreement."""

    placement = "agreement__placement"


class AgreementQuerySet(PlacedQuerySet):
    """Agreements and what amends them."""

    placement = "placement"

    def whole(self):
        """Agreements themselves, without amendments."""
        return self.filter(amends__isnull=True)

    def in_force(self):
        """Those that no newer version replaced."""
        return self.exclude(state=AgreementState.SUPERSEDED)


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
    # An amendment says what changed since the agreement that was signed, whose text stays; only the
    # parties it concerns sign it.
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    change = models.ForeignKey(
        PlacementChange, models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    parties = ArrayField(
        models.CharField(max_length=10, choices=Party), default=list, blank=True
    )  # who signs; empty: everybody
    # Why this version replaces the one before, and which party (or the school) asked for it.
    objection = models.CharField(_("wat er niet klopt"), max_length=1000, blank=True)
    objection_by = models.CharField(max_length=10, choices=Party, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AgreementQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["-version", "pk"]
        indexes = [
            models.Index(
                fields=["frozen_at"], condition=Q(state="signing"), name="agreement_in_signing"
            )
        ]
        constraints = [
            *Frozen.Meta.constraints,
            models.UniqueConstraint(fields=["placement", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["placement"],
                condition=~Q(state="superseded") & Q(amends__isnull=True),
                name="agreement_one_in_force",
            ),
        ]

    @property
    def is_amendment(self) -> bool:
        """Whether it changes an agreement that was signed, instead of being one."""
        return self.amends_id is not None

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


class RefusalQuerySet(PapersQuerySet):
    def open(self):
        """What the school has still to talk about: not taken back, not settled, no old text."""
        rows = self.filter(withdrawn_at=None, settled_at=None)
        # An address that is a stranger's stays one, whatever became of the agreement.
        return rows.filter(
            Q(kind=RefusalKind.STRANGER) | Q(agreement__state=AgreementState.SIGNING)
        )


class SigningRefusal(AboutPlacement):
    """Somebody does not sign, and told the school: it cancels nobody's signature.

    Taken back by the person, or settled by the school once they talked.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="refusals")
    party = models.CharField(max_length=10, choices=Party)
    person_kind = models.CharField(max_length=12)
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=RefusalKind)
    words = models.CharField(_("wat wilt u erbij zeggen"), max_length=1000, blank=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Empty where it was settled by another address, in a list that was brought in.
    settled_by = models.ForeignKey(
        "core.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("wat is besproken"), max_length=1000, blank=True)

    objects = RefusalQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party", "person_kind", "person_id"],
                condition=Q(withdrawn_at__isnull=True, settled_at__isnull=True),
                name="signing_refusal_one_open",
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None and self.settled_at is None

    @property
    def is_stranger(self) -> bool:
        return self.kind == RefusalKind.STRANGER


class LateGuardian(AboutPlacement):
    """A parent or carer who became known while an agreement was open or signed.

    Whether that one must sign as well is the coordinator's to say; until then nobody is asked.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="late_guardians")
    guardian = models.ForeignKey("schools.Guardian", models.CASCADE, related_name="+")
    answer = models.CharField(max_length=4, choices=LateAnswer, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "core.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PapersQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "guardian"], name="late_guardian_once")
        ]
