"""What several pages read: trainees of a company, an assessment in words, marks of own students."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import ASSESSABLE, AssessmentState, Outcome, Points
from assessments.models import Assessment, Mark, Score
from companies import trust
from placements.models import Placement, StudentCard
from stage.core.dutch.calendar import school_today
from stage.schools.enums import PeriodKind

ASK_DAYS_BEFORE = 3
ASK_DAYS_AFTER = 17  # from then on nobody is asked any more
# What ended longer ago is history: no list asks for it any more.
# Who only came to look is not assessed and gets no mark.
LOOKING = {"period__kind": PeriodKind.TASTER}
COMPANY_LOOKS_BACK = timedelta(days=400)


@dataclass(frozen=True)
class AssessedTrainee:
    """A student at a company as its people know it: the name on the card, the assessment."""

    placement: Placement
    name: str
    assessment: Assessment | None

    @property
    def is_given(self) -> bool:
        return self.assessment is not None and self.assessment.state == AssessmentState.GIVEN

    @property
    def has_started(self) -> bool:
        return self.placement.starts <= school_today()

    @property
    def is_due(self) -> bool:
        """Whether the company is asked for it now: three days before the last day, and after."""
        soon = school_today() + timedelta(days=ASK_DAYS_BEFORE)
        return not self.is_given and self.placement.ends <= soon


def assessed_trainees(actor, placements=None) -> list[AssessedTrainee]:
    """A company's trainees of any school, soonest ending first; names from what was disclosed."""
    if placements is None:
        placements = (
            Placement.objects.visible_to(actor)
            .filter(
                trust.guided(actor),
                state__in=ASSESSABLE,
                ends__gte=school_today() - COMPANY_LOOKS_BACK,
            )
            .exclude(**LOOKING)
        )
    rows = list(placements.select_related("school", "company").order_by("ends", "pk"))
    cards = StudentCard.objects.visible_to(actor).filter(
        student_id__in=[p.student_id for p in rows]
    )
    names = {(c.student_id, c.company_id): c.full_name for c in cards}
    given = Assessment.objects.visible_to(actor).filter(placement__in=rows)
    assessments = {a.placement_id: a for a in given}
    unknown = _("Leerling (naam niet meer gedeeld)")
    return [
        AssessedTrainee(p, names.get((p.student_id, p.company_id), unknown), assessments.get(p.pk))
        for p in rows
    ]


def assessed_trainee(actor, placement: Placement) -> AssessedTrainee:
    """One trainee of a company."""
    return assessed_trainees(actor, Placement.objects.visible_to(actor).filter(pk=placement.pk))[0]


@dataclass(frozen=True)
class ScoreLine:
    """One line of an assessment as it is read."""

    name: str
    explanation: str
    points: int | None
    text: str

    @property
    def tone(self) -> str:
        return {1: "wrong", 2: "attention", 3: "good", 4: "good"}.get(self.points or 0, "neutral")

    @property
    def word(self) -> str:
        return str(Points(self.points).label) if self.points else ""


def lines_of(actor, assessment: Assessment) -> list[ScoreLine]:
    """The judgements and answers of an assessment, in the order of the form."""
    scores = Score.objects.visible_to(actor).filter(assessment=assessment)
    return [
        ScoreLine(s.criterion.name, s.criterion.explanation, s.points, s.text)
        for s in scores.select_related("criterion")
    ]


def outcome_words(assessment: Assessment) -> str:
    """What came of the placement, for who reads an assessment without criteria."""
    return str(Outcome(assessment.outcome).label)


def placements_with_mark(actor):
    """Placements of own students that need a mark or have one: begun and not called off."""
    return (
        Placement.objects.visible_to(actor)
        .filter(state__in=ASSESSABLE, starts__lte=school_today())
        .exclude(**LOOKING)
    )


def missing_marks(actor):
    """Placements that are over without a final mark, and whose mark is this actor's to give."""
    final = Mark.objects.visible_to(actor).filter(locked_at__isnull=False)
    rows = placements_with_mark(actor)
    if not actor.is_coordinator:
        rows = rows.of_teacher(actor.membership)
    return rows.filter(ends__lt=school_today()).exclude(pk__in=final.values("placement"))


def ending_soon_without_assessment(today: date):
    """Placements whose supervisor may be asked now: three days before the end to 17 days after.

    Of all schools, as far as the running scope goes.
    """
    given = Assessment.objects.filter(state=AssessmentState.GIVEN).values("placement")
    return (
        Placement.objects.filter(
            state__in=ASSESSABLE,
            starts__lte=today,
            ends__lte=today + timedelta(days=ASK_DAYS_BEFORE),
            ends__gt=today - timedelta(days=ASK_DAYS_AFTER),
        )
        .exclude(pk__in=given)
        .exclude(**LOOKING)
        .order_by("pk")
    )


NEW_MARK_DAYS = 7  # how long a final mark stands first on the student's home


def new_mark(actor) -> Mark | None:
    """The student's mark that was made final within a week."""
    since = timezone.now() - timedelta(days=NEW_MARK_DAYS)
    rows = Mark.objects.visible_to(actor).filter(locked_at__gte=since)
    return rows.select_related("placement__company").order_by("-locked_at", "pk").first()
