"""A student leaves school: placements end, applications are withdrawn, each is told once.

Called on the school's signals, in its scope and transaction, with mails held.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from placements import mails
from placements.changes.wanted import Wanted
from placements.enums import (
    ENDINGS,
    OPEN_PLACEMENTS,
    ApplicationState,
    ChangeKind,
    ChangeReason,
    ChangeState,
    PlacementState,
)
from placements.models import Application, Placement, PlacementChange
from placements.services.changing import change_placement
from placements.services.disclosure import revoke_without_reason
from placements.services.locks import lock_place, lock_student
from placements.services.taking_up import retake
from placements.services.undoing import undo_change
from placements.workflow import APPLICATIONS
from stage.core.record import workflow
from stage.schools.models import Student


def ending(student: Student, on: date | None = None):
    """The placements that a leaving ends: what is open and goes on after that day."""
    rows = Placement.objects.filter(student=student, state__in=OPEN_PLACEMENTS)
    if on is not None:
        rows = rows.filter(ends__gte=on)
    return rows.select_related("company", "student").order_by("starts", "pk")


def kind_of_end(placement: Placement, on: date) -> ChangeKind:
    """Who began stops from that day; what did not begin, or was never signed, is called off."""
    began = placement.state == PlacementState.RUNNING or (
        placement.state == PlacementState.SIGNED and placement.starts < on
    )
    return ChangeKind.STOP if began else ChangeKind.OFF


def open_applications(student: Student):
    """What the student asks elsewhere; the yes under a placement goes with the placement."""
    there = Placement.objects.filter(student_id=student.pk, place_id=OuterRef("place_id")).exclude(
        state=PlacementState.CANCELLED
    )
    rows = Application.objects.filter(
        ~Exists(there), student=student, state__in=APPLICATIONS["leave"].sources
    )
    return rows.select_related("place", "company").order_by("pk")


def leave(
    student: Student, *, on: date, reason: str, words: str, at: datetime, actor
) -> tuple[int, int]:
    """End what is open; returns how many placements and applications that were."""
    lock_student(student.pk)
    asked = list(open_applications(student))
    for application in asked:
        _withdraw(application, at=at, actor=actor)
    placed = list(ending(student, on))
    for placement in placed:
        wanted = Wanted(
            kind=kind_of_end(placement, on),
            from_on=on,
            reason=reason or ChangeReason.LEFT_SCHOOL,
            words=words,
        )
        change_placement(placement, wanted, at=at, actor=actor)
    return len(placed), len(asked)


def _withdraw(application: Application, *, at: datetime, actor) -> None:
    was = application.state
    workflow.apply(
        application,
        APPLICATIONS["leave"],
        actor=actor,
        was=was,
        was_at=at,
        reason=_("De leerling gaat van school."),
    )
    if was == ApplicationState.ACCEPTED:
        mails.application_off(application)
    elif was != ApplicationState.DRAFT:
        mails.application_closed(application)
    revoke_without_reason(application.student_id, application.company_id, actor=actor)


def undo(student: Student, *, at: datetime, actor) -> None:
    """Put back what was done at that moment. Raises Conflict when a place was given away."""
    lock_student(student.pk)
    done = PlacementChange.objects.filter(
        student=student, state=ChangeState.DONE, kind__in=ENDINGS, decided_at=at
    )
    for change in done.select_related("placement").order_by("-pk"):
        undo_change(change, actor=actor)
    withdrawn = Application.objects.filter(
        student=student, state=ApplicationState.WITHDRAWN, was_at=at
    )
    for application in withdrawn.select_related("place", "student").order_by("pk"):
        lock_place(application.place_id)
        retake(application, actor=actor)
        Application.objects.filter(pk=application.pk).update(reason="")
