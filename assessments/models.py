"""Assignments with evidence, assessments by the supervisor, and the mark."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import AssessmentState, HandInState, Outcome
from placements.models import AboutPlacement, Placement
from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id
from stage.schools import guidance
from stage.schools.models.base import StudentRow


class OnPlacementQuerySet(TenantQuerySet):
    """Rows that hang on a placement."""

    def guided_by(self, membership_id: int | None):
        """Of students whom this member of staff guides."""
        return self.filter(guidance.of_guided(membership_id))

    def led_by(self, membership_id: int | None):
        """Of a teacher's placements, or of one for whom somebody stands in: who looks at work."""
        return self.filter(guidance.takes_part_of(membership_id, "placement__teacher"))


class AssignmentQuerySet(TenantQuerySet):
    def in_use(self):
        return self.filter(archived_at__isnull=True)

    def _within(self, actor):
        if actor.scope.role in ("student", "company"):
            # The bank is the school's; others know what was handed out to them.
            return self.filter(pk__in=HandIn.objects.visible_to(actor).values("assignment"))
        return super()._within(actor)


class Assignment(SchoolRow):
    """Something to do and show, if wanted for a keuzevak."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    title = models.CharField(_("titel"), max_length=120)
    text = models.TextField(_("wat moet je doen?"), max_length=4000)
    elective = models.ForeignKey(
        "schools.Elective", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class HandInQuerySet(OnPlacementQuerySet):
    def to_review(self):
        return self.filter(state=HandInState.HANDED_IN)


class HandIn(AboutPlacement):
    """One student's work on one assignment during one placement."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    placement = models.ForeignKey("placements.Placement", models.PROTECT, related_name="hand_ins")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="hand_ins")
    due = models.DateField(_("inleveren voor"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=HandInState, default=HandInState.OPEN)
    answer = models.TextField(_("wat heb je gedaan?"), max_length=4000, blank=True)
    feedback = models.TextField(_("reactie"), max_length=2000, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    tone: str  # how its state is shown; set by the views

    objects = HandInQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "assignment"], name="hand_in_once")
        ]


class EvidenceQuerySet(TenantQuerySet):
    def _company_q(self, columns, scope) -> Q:
        own = Q(hand_in__placement__in=scope.reach.placements)
        return super()._company_q(columns, scope) | own

    def _within(self, actor):
        rows = super()._within(actor)
        if actor.is_company:
            # What a student is still working on is the student's and the teacher's.
            return rows.filter(hand_in__handed_in_at__isnull=False)
        return rows


class Evidence(AboutPlacement):
    """A photo or PDF that shows the work."""

    hand_in = models.ForeignKey(HandIn, models.CASCADE, related_name="evidence")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    caption = models.CharField(_("wat zie je hier?"), max_length=160, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["added_at", "pk"]


class FormQuerySet(TenantQuerySet):
    """Forms and their criteria; a company reads those of schools whose students it has."""

    def _within(self, actor):
        if actor.is_company:
            return self.filter(school_id__in=Placement.objects.visible_to(actor).values("school"))
        return super()._within(actor)


class Form(SchoolRow):
    """The assessment form of a school."""

    name = models.CharField(_("naam"), max_length=80)
    is_default = models.BooleanField(default=False)

    objects = FormQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school"], condition=Q(is_default=True), name="form_one_default"
            )
        ]


class Criterion(SchoolRow):
    """One line of a form: a work attitude on four points, or an open question."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    explanation = models.CharField(max_length=200, blank=True)
    is_open = models.BooleanField(default=False)

    objects = FormQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["order", "pk"]


class AssessmentQuerySet(OnPlacementQuerySet):
    def given(self):
        return self.filter(state=AssessmentState.GIVEN)

    def _within(self, actor):
        rows = super()._within(actor)
        # A draft is the company's own until it is given.
        return rows if actor.scope.role in ("company", "system") else rows.given()


class Assessment(AboutPlacement):
    """The supervisor's judgement of one placement."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    placement = models.OneToOneField(
        "placements.Placement", models.PROTECT, related_name="assessment"
    )
    form = models.ForeignKey(Form, models.PROTECT, related_name="+")
    contact = models.ForeignKey("companies.Contact", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.NORMAL)
    note = models.TextField(_("wat is er gebeurd?"), max_length=1500, blank=True)
    # Counts the saves: who saves over somebody else's newer version is told so.
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=6, choices=AssessmentState, default=AssessmentState.DRAFT)
    given_at = models.DateTimeField(null=True, blank=True)
    student_comment = models.CharField(_("reactie van de leerling"), max_length=1000, blank=True)
    student_agrees = models.BooleanField(null=True, blank=True)
    reacted_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["pk"]

    @property
    def has_run(self) -> bool:
        """Whether the placement went as meant, so that there is something to judge."""
        return self.outcome == Outcome.NORMAL


class ScoreQuerySet(TenantQuerySet):
    def _company_q(self, columns, scope) -> Q:
        own = Q(assessment__placement__in=scope.reach.placements)
        return super()._company_q(columns, scope) | own

    def _within(self, actor):
        rows = super()._within(actor)
        if actor.scope.role in ("company", "system"):
            return rows
        return rows.filter(assessment__state=AssessmentState.GIVEN)


class Score(AboutPlacement):
    """The answer to one criterion: one to four, or words."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(max_length=1500, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["criterion__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__range=(1, 4)),
                name="score_one_to_four",
            ),
        ]


class MarkQuerySet(OnPlacementQuerySet):
    def _within(self, actor):
        rows = super()._within(actor)
        if actor.is_guardian:
            return rows.none()
        # The student learns of a mark when it is final.
        return rows.filter(locked_at__isnull=False) if actor.is_student else rows


class Mark(StudentRow):
    """The teacher's mark of a placement, 1.0-10.0; once final it is locked."""

    placement = models.OneToOneField("placements.Placement", models.PROTECT, related_name="mark")
    value = models.DecimalField(_("cijfer"), max_digits=3, decimal_places=1)
    remark = models.CharField(_("toelichting"), max_length=1000, blank=True)
    given_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    # Why a final mark was changed; empty when it never was.
    change_reason = models.CharField(_("reden van de wijziging"), max_length=500, blank=True)

    objects = MarkQuerySet.as_manager()

    class Meta(StudentRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=1) & Q(value__lte=10), name="mark_one_to_ten"
            )
        ]
