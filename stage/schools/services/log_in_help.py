"""A student who cannot log in says so without an account; a new card, or logging in, settles it.

Who asks is told the same whoever it is, also where nobody is known by what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from stage.core.enums import Role
from stage.core.record import audit
from stage.core.tenants.statements import ask
from stage.core.tenants.tenancy import scope_at, use
from stage.schools.models import LogInHelp, Student


def ask_help(*, number: str, first_name: str, day: int, month: int) -> None:
    """Tell who guides a student that logging in does not work; nothing where nobody fits."""
    for found in ask("student_numbered", number.strip(), first_name.strip(), day, month):
        with use(scope_at(found["school_id"], 0)), transaction.atomic():
            student = Student.objects.select_for_update(no_key=True).get(pk=found["student_id"])
            row, made = LogInHelp.objects.get_or_create(
                student=student, settled_at=None, defaults={"school_id": student.school_id}
            )
            if made:
                audit.record(None, "log_in_help_asked", row)
            else:  # said again: it is shown again
                LogInHelp.objects.filter(pk=row.pk).update(asked_at=timezone.now())


def settle(student_ids: Iterable[int]) -> None:
    """There is a new card, or the student is in again; in the school's scope."""
    rows = LogInHelp.objects.filter(student__in=list(student_ids), settled_at=None)
    rows.update(settled_at=timezone.now())


@receiver(user_logged_in, dispatch_uid="stage.schools.log_in_help")
def _is_in(sender, request, user, **kwargs) -> None:
    """Who got in by any way needs no help any more."""
    for role in ask("roles_of_user", user.pk):
        if role["role"] == Role.STUDENT:
            with use(scope_at(role["school_id"], role["region_id"])):
                settle([role["student_id"]])
