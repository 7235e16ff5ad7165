"""A parent or carer who became known when an agreement was being signed, or was signed already."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from placements.agreements import mails
from placements.agreements.enums import AgreementState, LateAnswer
from placements.agreements.models import Agreement, LateGuardian
from placements.agreements.services.locks import lock
from placements.agreements.services.signing import complete_when_all_signed
from placements.agreements.workflow import AGREEMENT
from placements.enums import OPEN_PLACEMENTS
from stage.core.record import audit, workflow
from stage.core.who.policies import Conflict, coordinator_of, require
from stage.schools.models import Guardian


def ask_about(added: Iterable[Guardian], *, actor) -> None:
    """Put the question to the coordinator, once per guardian and agreement; asks nobody to sign."""
    by_student: dict[int, list[Guardian]] = {}
    for guardian in added:
        by_student.setdefault(guardian.student_id, []).append(guardian)
    rows = Agreement.objects.filter(
        student__in=by_student,
        state__in=(AgreementState.SIGNING, AgreementState.COMPLETE),
        placement__state__in=OPEN_PLACEMENTS,
    ).select_related("student", "placement")
    for agreement in rows:
        if not agreement.student.is_minor_on(agreement.placement.starts):
            continue
        for guardian in by_student[agreement.student_id]:
            LateGuardian.objects.create_about(agreement, guardian=guardian)


@transaction.atomic
def decide(late: LateGuardian, *, answer: str, actor) -> None:
    """Say whether this one signs too; raises Conflict once it was said.

    A signed agreement waits for the new signature alone: the text is the same, and what was signed
    stays signed.
    """
    require(coordinator_of, actor, late)
    held = lock(Agreement.objects.get(pk=late.agreement_id))
    if held.state not in (AgreementState.SIGNING, AgreementState.COMPLETE):
        raise Conflict(_("Deze overeenkomst geldt niet meer."))
    changed = LateGuardian.objects.filter(pk=late.pk, answer="").update(
        answer=LateAnswer(answer), decided_at=timezone.now(), decided_by_id=actor.membership
    )
    if not changed:
        raise Conflict(_("Dit is al gekozen."))
    audit.record(actor, "agreement_signer_decided", held)
    if answer == LateAnswer.NOT:
        return
    if answer == LateAnswer.MUST and held.is_complete:
        workflow.apply(held, AGREEMENT["ask_more"], actor=actor, completed_at=None)
    if held.is_signing:
        mails.ask_to_sign(held)


def complete_without(guardian: Guardian, *, actor) -> None:
    """A guardian is gone: agreements that waited for that signature alone are complete."""
    rows = Agreement.objects.filter(
        student_id=guardian.student_id, state=AgreementState.SIGNING, signatures__isnull=False
    )
    for agreement in rows.distinct():
        complete_when_all_signed(lock(agreement), actor)
