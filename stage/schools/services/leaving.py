"""A student leaves school: at once, or on a day to come; and comes back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.record import audit
from stage.core.who.policies import Conflict, coordinator_of, require
from stage.schools.models import LoginCode, Student
from stage.schools.signals import leaving_undone, student_left


@transaction.atomic
def student_leaves(
    student: Student, *, on: date, reason: str = "", words: str = "", actor
) -> Student:
    """A student leaves: nobody expects it from that day, the log-in ends; what was written stays.

    What it does above school (placements, applications) it does on `student_left`; who is told, is
    told once, after the minutes in which this can be undone. Raises NotAllowed; Conflict when the
    student left already.
    """
    require(coordinator_of, actor, student)
    row = Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    if row.leaving_on:
        raise Conflict(_("Deze leerling is al van school."))
    now = timezone.now()
    if on <= school_today():
        _gone(row, on, now)
    else:
        row.leaves_on = on
    row.leave_noted_at = now
    row.save(update_fields=["left_on", "leaves_on", "leave_noted_at"])
    audit.record(actor, "student_left", row, fields=("left_on" if row.left_on else "leaves_on",))
    with mail.held_until(now + mail.undo_for(), by=row.leave_step):
        student_left.send(
            sender=Student, student=row, on=on, reason=reason, words=words, at=now, actor=actor
        )
    return row


@transaction.atomic
def finish_leaving(*, today: date, actor) -> int:
    """Whose last day is over is gone; returns how many. In a school's scope, by a job."""
    rows = Student.objects.present().filter(school_id=actor.school_id, leaves_on__lte=today)
    found = list(rows.select_for_update(no_key=True, skip_locked=True).order_by("pk"))
    for row in found:
        _gone(row, row.leaves_on, timezone.now())
        row.leaves_on = None
        row.save(update_fields=["left_on", "leaves_on"])
        audit.record(actor, "student_left", row, fields=("left_on",))
    return len(found)


def _gone(student: Student, on: date, at: datetime) -> None:
    """The log-in ends and cards stop."""
    student.left_on = on
    open_cards = LoginCode.objects.filter(student=student, used_at=None, stopped_at=None)
    open_cards.update(stopped_at=at)
    log_in = Membership.objects.filter(student_id=student.pk, role=Role.STUDENT, ended_at=None)
    log_in.update(ended_at=at)


@transaction.atomic
def undo_leaving(student: Student, *, actor) -> None:
    """Pressed by mistake: everything is as it was, and nobody is told anything.

    Raises NotAllowed; Conflict when the minutes are over, or a place was given away meanwhile. Then
    nothing changes.
    """
    require(coordinator_of, actor, student)
    row = Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    if not row.leaving_can_be_undone:
        raise Conflict(_("Ongedaan maken kan niet meer: iedereen heeft al bericht."))
    at, step = row.leave_noted_at, row.leave_step
    Membership.objects.filter(student_id=row.pk, role=Role.STUDENT, ended_at=at).update(
        ended_at=None
    )
    LoginCode.objects.filter(student=row, used_at=None, stopped_at=at).update(stopped_at=None)
    _back(row)
    audit.record(actor, "student_returned", row, fields=("left_on",))
    with mail.silent():
        leaving_undone.send(sender=Student, student=row, at=at, actor=actor)
    if not mail.take_back(step):
        raise Conflict(_("Ongedaan maken kan niet meer: iedereen heeft al bericht."))


@transaction.atomic
def student_returns(student: Student, *, actor) -> None:
    """The student comes back: is at school again, and gets a new card to log in.

    Placements that ended and applications that were withdrawn stay as they are: others may have the
    place by now.
    """
    require(coordinator_of, actor, student)
    row = Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    if not row.leaving_on:
        raise Conflict(_("Deze leerling is al op school."))
    _back(row)
    audit.record(actor, "student_returned", row, fields=("left_on",))


def _back(row: Student) -> None:
    row.left_on = row.leaves_on = row.leave_noted_at = None
    row.save(update_fields=["left_on", "leaves_on", "leave_noted_at"])
