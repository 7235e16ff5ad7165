"""What a company's yes does to the student's other applications, and what takes that back.

While a yes or a placement stands in a period, the others are parked or closed, as the school sets
(`PlacementSettings.after_yes`); when it falls through they ask again, with a clock that starts
anew. Each function runs in the school's scope with the student's row locked. Places are not
locked: a place that fills up meanwhile refuses the yes itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from placements import mails
from placements.enums import LIVE_PLACEMENTS, AfterYes, ApplicationState
from placements.models import Application, Placement, PlacementSettings
from placements.queries import live_placement, used_places
from placements.services.disclosure import disclose, revoke_without_reason
from placements.services.locks import lock_student
from placements.workflow import APPLICATIONS
from stage.core.dutch.calendar import school_today
from stage.core.record import workflow
from stage.core.who.policies import Conflict
from stage.schools.models import Student


@dataclass(frozen=True)
class Back:
    """What came of those that rested: `running` ask again, `gone` have no place any more."""

    running: list[Application] = field(default_factory=list)
    gone: list[Application] = field(default_factory=list)


def put_aside(application: Application, *, at: datetime, actor) -> None:
    """A company said yes to this one: park or close the student's others, and tell each company.

    A second yes stays: the student and the school choose. `at` is the moment of the yes, by which
    its mail to the student finds what it did.
    """
    after = PlacementSettings.objects.of(application.school_id).after_yes
    if after == AfterYes.LEAVE:
        return
    states = [ApplicationState.WITH_COMPANY]
    if after == AfterYes.CLOSE:
        states.append(ApplicationState.DRAFT)
    for other in _others(application).filter(state__in=states):
        if after == AfterYes.PARK:
            if _done(other, "park", actor=actor, decided_at=at):
                mails.application_parked(other)
        elif _done(other, "shut", actor=actor, decided_at=at):
            mails.application_closed(other)
            revoke_without_reason(other.student_id, other.company_id, actor=actor)


def yes_stands(student_id: int, period_id: int) -> bool:
    """Whether a company holds a place for the student in this period, or the student has one."""
    said = Application.objects.filter(
        student_id=student_id, period_id=period_id, state=ApplicationState.ACCEPTED
    )
    return said.exists() or live_placement(student_id, period_id) is not None


def bring_back(student: Student, period_id: int, *, at: datetime, actor) -> Back:
    """A yes fell through: unless another stands, what was parked or closed asks again.

    Where the place is full or gone, or the period is over, the student gets that as the answer.
    Companies are mailed here; the student by who calls, in one mail.
    """
    found = Back()
    if student.leaving_on or yes_stands(student.pk, period_id):
        return found
    resting = Application.objects.filter(
        student=student,
        period_id=period_id,
        state__in=(ApplicationState.PARKED, ApplicationState.CLOSED),
    )
    rows = list(resting.select_related("place", "period", "company").order_by("pk"))
    used = used_places(row.place_id for row in rows)
    for row in rows:
        if row.submitted_at is None and row.state == ApplicationState.CLOSED:
            _done(row, "reopen_draft", actor=actor, decided_at=None)
        elif reason := _why_not(row, used):
            if _done(row, "lapse", actor=actor, decided_at=at, reason=reason):
                found.gone.append(row)
        elif _done(row, "reopen", actor=actor, submitted_at=at, decided_at=None):
            disclose(student, row.company_id, actor=actor)
            mails.application_back(row)
            found.running.append(row)
    return found


def after_undoing(student: Student, period_id: int, *, at: datetime, actor) -> None:
    """A match was undone: its closed applications go where they belong now.

    With a yes that still stands they rest, as after any yes; without one they ask again.
    """
    after = PlacementSettings.objects.of(student.school_id).after_yes
    if not yes_stands(student.pk, period_id):
        bring_back(student, period_id, at=at, actor=actor)
        return
    closed = Application.objects.filter(
        student=student, period_id=period_id, state=ApplicationState.CLOSED
    )
    for row in closed.select_related("place").order_by("pk"):
        if row.submitted_at is None:
            if after != AfterYes.CLOSE:
                _done(row, "reopen_draft", actor=actor)
        elif after == AfterYes.PARK:
            _done(row, "park", actor=actor, decided_at=at)
            disclose(student, row.company_id, actor=actor)
        elif after == AfterYes.LEAVE:
            _done(row, "reopen", actor=actor, submitted_at=at, decided_at=None)
            disclose(student, row.company_id, actor=actor)
            mails.application_back(row)


@transaction.atomic
def bring_back_stranded(*, actor) -> int:
    """Parked applications whose yes or placement is gone in any other way; returns how many.

    In a school's scope, by a job: no way in which a placement may end leaves a student waiting.
    """
    same = {"student_id": OuterRef("student_id"), "period_id": OuterRef("period_id")}
    said = Application.objects.filter(**same, state=ApplicationState.ACCEPTED)
    placed = Placement.objects.filter(**same, state__in=LIVE_PLACEMENTS)
    parked = Application.objects.filter(
        ~Exists(said),
        ~Exists(placed),
        school_id=actor.school_id,
        state=ApplicationState.PARKED,
        student__left_on__isnull=True,
        student__leaves_on__isnull=True,
    )
    pairs = sorted(set(parked.order_by().values_list("student_id", "period_id")))
    count = 0
    for student_id, period_id in pairs:
        back = bring_back(lock_student(student_id), period_id, at=timezone.now(), actor=actor)
        count += len(back.running) + len(back.gone)
        tell_gone(back.gone)
    return count


def tell_gone(gone: Sequence[Application]) -> None:
    """One mail to the student about all that cannot come back: the first one names the others."""
    for first in gone[:1]:
        mails.application_answered(first)


def _others(application: Application) -> QuerySet[Application]:
    rows = Application.objects.filter(
        student_id=application.student_id, period_id=application.period_id
    )
    return rows.exclude(pk=application.pk).select_related("place").order_by("pk")


def _done(row: Application, step: str, *, actor, **changes) -> bool:
    """Take the step, unless somebody who does not wait for the student was first.

    Such as the job that closes what stayed unanswered, or a company that takes its place back.
    """
    try:
        workflow.apply(row, APPLICATIONS[step], actor=actor, **changes)
    except Conflict:
        return False
    return True


def _why_not(row: Application, used: dict[int, int]) -> str:
    """Why this one cannot ask again, as its student reads it; empty when it can."""
    if row.period.ends < school_today():
        return _("De periode is voorbij.")
    if not row.place.stands:
        return _("Het bedrijf heeft in deze periode toch geen plek.")
    if used.get(row.place_id, 0) >= row.place.how_many:
        return _("De plek is intussen vergeven.")
    return ""
