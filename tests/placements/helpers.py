"""Short cuts of the tests of applying and matching."""

from __future__ import annotations

from placements.enums import ApplicationState
from placements.models import Application, StudentCard
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use

WORDS = "Ik hou van bakken en ik wil leren hoe een echte bakkerij werkt."


def state_of(application: Application) -> str:
    with use(SYSTEM):
        return Application.objects.get(pk=application.pk).state


def mails(event: str) -> list[OutboxMail]:
    with use(SYSTEM):
        return list(OutboxMail.objects.filter(event=event))


def card_exists(student, company) -> bool:
    with use(SYSTEM):
        return StudentCard.objects.filter(
            student=student, company=company, revoked_at__isnull=True
        ).exists()


def apply_to(place, student, state=ApplicationState.WITH_COMPANY, **fields) -> Application:
    """An application as a plain row; in the system scope."""
    return Application.objects.create(
        school_id=student.school_id,
        student=student,
        company_id=place.company_id,
        place=place,
        period_id=place.period_id,
        motivation=WORDS,
        state=state,
        **fields,
    )
