"""What a company may know of a student: a card made when there is a reason, revoked without one."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement, StudentCard
from stage.core.dutch.calendar import school_today
from stage.core.dutch.names import full_name
from stage.core.record import audit
from stage.schools.models import Student

# A company that said no, or nothing, may still change its mind until the school matches.
_KNOWN_IN = (
    ApplicationState.WITH_COMPANY,
    ApplicationState.PARKED,  # it was told, and may be asked again
    ApplicationState.ACCEPTED,
    ApplicationState.DECLINED,
    ApplicationState.EXPIRED,
)


def disclose(student: Student, company_id: int, *, actor) -> StudentCard:
    """The student's card for this company, made when there is none. Run in the school's scope."""
    card = StudentCard.objects.filter(
        student=student, company_id=company_id, revoked_at__isnull=True
    ).first()
    if card:
        return card
    card = StudentCard.objects.create_about(
        student,
        company_id=company_id,
        first_name=student.first_name,
        last_name=full_name("", student.infix, student.last_name),
        school_class=student.school_class,
        leerweg=student.leerweg,
        profile_name=student.profile.name if student.profile else "",
        age_band=age_band(student.age_on(school_today())),
    )
    audit.record(actor, "student_disclosed", card, fields=("company",))
    return card


def age_band(age: int) -> str:
    """The age as roughly as the rules of working time need it."""
    if age < 14:
        return "12-13"
    if age < 16:
        return "14-15"
    return "16-17" if age < 18 else "18+"


def revoke_without_reason(
    student_id: int, company_id: int, *, besides: Iterable[int] = (), actor
) -> None:
    """Take the card back unless an application or a placement still needs it.

    `besides` are applications that are no reason any more.
    """
    about = {"student_id": student_id, "company_id": company_id}
    wishes = Application.objects.filter(**about, state__in=_KNOWN_IN).exclude(pk__in=list(besides))
    placed = Placement.objects.filter(**about).exclude(state=PlacementState.CANCELLED)
    if wishes.exists() or placed.exists():
        return
    for card in StudentCard.objects.filter(**about, revoked_at__isnull=True):
        card.revoked_at = timezone.now()
        card.save(update_fields=["revoked_at"])
        audit.record(actor, "disclosure_revoked", card, fields=("revoked_at",))
