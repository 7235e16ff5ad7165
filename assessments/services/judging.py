"""The supervisor's judgement and the student's reaction to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import policies
from assessments.enums import ASSESSABLE, AssessmentState, Outcome
from assessments.models import Assessment, Criterion, Form, Mark, Score
from assessments.services.form import ensure_default_form
from assessments.workflow import ASSESSMENT
from companies.models import Contact
from companies.services.contacts import own_line
from placements.models import Placement
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import PersonKind
from stage.core.models import School
from stage.core.record import audit, workflow
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, NotAllowed, require

EDITABLE_DAYS = 14


class Incomplete(Exception):
    """An assessment cannot be given yet: a judgement or the story of what happened is missing."""


@dataclass(frozen=True)
class Judgement:
    """What a supervisor filled in. `points` (1-4) and `texts` are by criterion number."""

    outcome: str = Outcome.NORMAL
    note: str = ""
    points: Mapping[int, int] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_short(self) -> bool:
        """Not come or stopped early: no criteria, only what happened."""
        return self.outcome != Outcome.NORMAL

    def is_complete(self, criteria) -> bool:
        """Whether every work attitude has its points, or the short form its story."""
        if self.is_short:
            return bool(self.note.strip())
        return all(self.points.get(c.pk) for c in criteria if not c.is_open)


def form_for(placement: Placement, assessment: Assessment | None = None) -> Form:
    """The form of an assessment, or the school's; a company's first look makes the school's."""
    if assessment is not None:
        return assessment.form
    form = Form.objects.filter(school_id=placement.school_id, is_default=True).first()
    if form is None:
        with tenancy.as_school_of(placement):
            form = ensure_default_form(School.objects.get(pk=placement.school_id))
    return form


def has_started(placement: Placement) -> bool:
    """Whether there can be anything to assess: the first day has come."""
    return placement.state in ASSESSABLE and placement.starts <= school_today()


def is_editable(placement: Placement, assessment: Assessment | None) -> bool:
    """A draft always; a given assessment for 14 days, and not once the mark is final."""
    if assessment is None or assessment.state == AssessmentState.DRAFT:
        return True
    if assessment.given_at and timezone.now() > assessment.given_at + timedelta(days=EDITABLE_DAYS):
        return False
    return not _mark_is_locked(placement)


def _mark_is_locked(placement: Placement) -> bool:
    """Company people see no marks; the row is held, so that a lock waits for a running change."""
    with tenancy.as_school_of(placement), transaction.atomic():
        marks = Mark.objects.select_for_update().filter(placement_id=placement.pk)
        return any(mark.locked_at for mark in marks)


@transaction.atomic
def save_assessment(
    placement: Placement, judgement: Judgement, *, version: int, give: bool, actor
) -> Assessment:
    """Keep a draft, or give the assessment; `version` is the one the page showed (0: none).

    Raises Conflict when somebody else saved meanwhile, before the first day and when it can no
    longer be changed; Incomplete when something is missing to give it.
    """
    require(policies.assess, actor, placement)
    if not has_started(placement):
        raise Conflict(_("Deze stage is nog niet begonnen. Beoordelen kan vanaf de eerste dag."))
    assessment = _claim(placement, version, actor)
    criteria = list(Criterion.objects.filter(form_id=assessment.form_id))
    was_given = assessment.state == AssessmentState.GIVEN
    if (give or was_given) and not judgement.is_complete(criteria):
        raise Incomplete
    had_reaction = _forget_reaction(assessment) and was_given
    _write(assessment, judgement, criteria)
    if was_given:
        audit.record(actor, "assessment_changed", assessment)
        if had_reaction:
            _tell_student(assessment, placement)
    elif give:
        workflow.apply(
            assessment,
            ASSESSMENT["give"],
            actor=actor,
            given_at=timezone.now(),
            contact_id=_contact_of(actor, placement).pk,
        )
        _tell_student(assessment, placement)
    else:
        audit.record(actor, "assessment_saved", assessment)
    return assessment


def _claim(placement: Placement, version: int, actor) -> Assessment:
    """The placement's assessment, made or held; Conflict unless it is still at `version`."""
    newer = Conflict(
        _("Een collega heeft deze beoordeling intussen bewaard. Kijk wat er nu staat.")
    )
    row = Assessment.objects.select_for_update().filter(placement=placement).first()
    if row is None:
        if version:
            raise newer
        try:
            with transaction.atomic():
                return _start(placement, actor)
        except IntegrityError:
            raise newer
    if row.version != version:
        raise newer
    if not is_editable(placement, row):
        raise Conflict(_("Deze beoordeling ligt vast. Bel de school als er iets niet klopt."))
    return row


def _start(placement: Placement, actor) -> Assessment:
    return Assessment.objects.create_about(
        placement,
        form=form_for(placement),
        contact=_contact_of(actor, placement),
    )


def _contact_of(actor, placement: Placement) -> Contact:
    """As whom the actor judges at the placement's company."""
    found = own_line(actor, placement)
    if found is None:
        raise NotAllowed(_("Dit kan alleen iemand van het bedrijf zelf."))
    return found


def _write(assessment: Assessment, judgement: Judgement, criteria) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(
        outcome=judgement.outcome, note=judgement.note, version=F("version") + 1
    )
    assessment.outcome, assessment.note = judgement.outcome, judgement.note
    assessment.version += 1
    Score.objects.filter(assessment=assessment).delete()
    if judgement.is_short:
        return
    rows = [_score(assessment, c, judgement) for c in criteria]
    Score.objects.bulk_create(r for r in rows if r.points or r.text)


def _score(assessment: Assessment, criterion: Criterion, judgement: Judgement) -> Score:
    return Score.about(
        assessment,
        criterion=criterion,
        points=None if criterion.is_open else judgement.points.get(criterion.pk),
        text=judgement.texts.get(criterion.pk, "").strip(),
    )


def _forget_reaction(assessment: Assessment) -> bool:
    """A reaction was to what stood there before: the student may react anew. Whether there was one.

    First of all: a company cannot write beside a reaction that stands (`assessments.walls`).
    """
    reset = {"student_agrees": None, "student_comment": "", "reacted_at": None}
    had_reaction = assessment.reacted_at is not None
    Assessment.objects.filter(pk=assessment.pk).exclude(**reset).update(**reset)
    return had_reaction


def _tell_student(assessment: Assessment, placement: Placement) -> None:
    mail.queue(
        "assessment_given",
        person_kind=PersonKind.STUDENT,
        person_id=placement.student_id,
        key=f"assessment_given:{assessment.pk}:{assessment.version}",
        region_id=placement.company.region_id,
        school_id=placement.school_id,
        about=assessment,
    )


@transaction.atomic
def react_to_assessment(assessment: Assessment, *, agrees: bool, comment: str, actor) -> None:
    """The student agrees or says something, once. Raises Conflict the second time."""
    require(policies.react, actor, assessment)
    values = {
        "student_agrees": agrees,
        "student_comment": comment,
        "reacted_at": timezone.now(),
    }
    rows = Assessment.objects.filter(
        pk=assessment.pk, state=AssessmentState.GIVEN, reacted_at__isnull=True
    )
    if rows.update(**values) != 1:
        raise Conflict(
            _("Je hebt al gereageerd. Wil je nog iets zeggen? Ga naar je stagebegeleider.")
        )
    audit.record(actor, "assessment_reacted", assessment, fields=values)
