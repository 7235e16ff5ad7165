"""Short cuts of the tests of applying and matching."""

from __future__ import annotations

import threading

from django.db import connections, transaction

from placements.enums import ApplicationState
from placements.models import Application, StudentCard
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict

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


def at_once(*jobs) -> list[str]:
    """Run jobs (actor, function) in threads that start together; "ok" or "conflict" per job."""
    barrier = threading.Barrier(len(jobs))
    answers = [""] * len(jobs)

    def work(n: int, actor, function) -> None:
        try:
            barrier.wait(10)
            with use(actor.scope), transaction.atomic():
                function(actor)
            answers[n] = "ok"
        except Conflict:
            answers[n] = "conflict"
        except Exception as error:
            answers[n] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n, *job)) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
