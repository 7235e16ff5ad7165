"""The first use of a guardian's address: who reads it must know the child's birthday.

A school types the address over from a form, and a typo is somebody else's mailbox: link and code
would reach a stranger. So as long as no device was proven for this guardian at this address, the
page that asks the code asks the child's day and month of birth too. Five wrong ones stop the
address, until the school has looked at it or saved another.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from stage.core import mail
from stage.core.enums import PersonKind
from stage.core.models import Device
from stage.core.record import audit
from stage.core.tenants.tenancy import NOBODY, scope_at, use
from stage.core.who import links
from stage.schools.models import Guardian
from stage.schools.models.students import BIRTHDAY_TRIES
from stage.schools.signals import guardian_settled


def asks_birthday(person: mail.Person) -> bool:
    """Whether this is the first use of a guardian's address; never for another kind of person."""
    if person.kind != PersonKind.GUARDIAN:
        return False
    with use(NOBODY):
        return not Device.objects.filter(
            person_kind=person.kind, person_id=person.id, email__iexact=person.email
        ).exists()


def check_first_use(
    person: mail.Person,
    *,
    browser: str,
    typed: str,
    day: int,
    month: int,
    purpose: str = "login",
) -> links.CodeAnswer:
    """Check code and birthday together; both must be right, a wrong one uses up a try of the code.

    Do not raise after this: a rolled back transaction would forget the wrong try.
    """
    with use(scope_at(person.school_id, 0)), transaction.atomic():
        # One at a time for this guardian, whatever browser and code: five is five.
        rows = Guardian.objects.select_for_update(of=("self",)).select_related("student")
        guardian = rows.filter(pk=person.id, email__iexact=person.email).first()
        if guardian is None or guardian.is_stopped:
            return links.CodeAnswer(False, stopped=guardian is not None)
        knows = guardian.student.is_birthday(day, month)
        answer = links.check_code(
            person, purpose=purpose, browser=browser, typed=typed, beside=knows
        )
        if answer.right:
            _set_wrong(guardian, 0)
        # Beside a wrong code a birthday counts for nothing: else whoever was sent on the link
        # could stop the address, or find the birthday, without ever reading the mailbox.
        elif answer.code_right:
            _set_wrong(guardian, guardian.wrong_birthdays + 1)
            if guardian.is_stopped:
                audit.record(None, "guardian_stopped", guardian, fields=("email",))
        left = BIRTHDAY_TRIES - guardian.wrong_birthdays
        return replace(answer, tries_left=min(answer.tries_left, left), stopped=guardian.is_stopped)


def _set_wrong(guardian: Guardian, count: int) -> None:
    guardian.wrong_birthdays = count
    guardian.save(update_fields=["wrong_birthdays"])


def is_other_address(before: str, after: str) -> bool:
    """Whether an address became another one; capitals do not make it so."""
    return before.lower() != after.lower()


def begin_anew(ids: Collection[int], *, how: str, actor) -> None:
    """Open stopped addresses again and send what was held back; the caller's scope and right.

    `how`: "confirmed" or "changed", as `guardian_settled` tells it.
    """
    rows = Guardian.objects.filter(pk__in=ids)
    stopped = rows.filter(Q(wrong_birthdays__gt=0) | Q(disowned_at__isnull=False))
    found = list(stopped.values_list("pk", flat=True))
    for guardian in found:
        mail.release(PersonKind.GUARDIAN, guardian)
    stopped.update(wrong_birthdays=0, disowned_at=None)
    if found:
        guardian_settled.send(Guardian, ids=found, how=how, actor=actor)


def disown(guardian: int, *, actor) -> None:
    """Whoever reads that address said: this is not my child. Nothing goes there from now on, and

    no link or device of it shows anything, until the school looked.
    """
    row = Guardian.objects.select_for_update().get(pk=guardian)
    if row.disowned_at is None:
        row.disowned_at = timezone.now()
        row.save(update_fields=["disowned_at"])
        audit.record(actor, "guardian_disowned", row, fields=("email",))


def own_again(guardian: int) -> None:
    """That was a mistake; what was held back meanwhile goes out."""
    rows = Guardian.objects.filter(pk=guardian, disowned_at__isnull=False)
    if rows.update(disowned_at=None):
        mail.release(PersonKind.GUARDIAN, guardian)
