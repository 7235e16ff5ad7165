"""The core's tasks: mail, long jobs, seals, counts that are over."""

from celery import shared_task

from stage.core.mail import delivery, phones
from stage.core.record import audit
from stage.core.who import limits
from stage.core.work import clearing, long_jobs
from stage.core.work.jobs import every

# A queue of its own: a worker of its own takes it in production, so that no mail waits for seals.
SEALING = "sealing"


@shared_task(name="stage.core.tasks.deliver_outbox", expires=60)
def deliver_outbox() -> int:
    """Send what waits; goes on while there is more."""
    handled = delivery.deliver()
    if handled:
        deliver_outbox.delay()
    return handled


@shared_task(name="stage.core.tasks.send_pushes", expires=60)
def send_pushes() -> int:
    """Show on phones what was mailed."""
    return phones.send_due()


@every(30)
def send_waiting_pushes() -> int:
    """Show on phones what was mailed, in case nobody could wake the worker."""
    return phones.send_due()


@every(15)
def deliver_waiting() -> int:
    """Send what waits, in case nobody could wake the worker."""
    return delivery.deliver()


@shared_task(name=long_jobs.TASK)
def run_job(label: str, pk: int) -> None:
    """Do one long job; a second time there is nothing left to do."""
    long_jobs.run(label, pk)


@every(20)
def run_jobs() -> int:
    """Do the long jobs that nobody could wake a worker for, or that a dead one left behind."""
    return long_jobs.run_waiting()


@every(60)
def sweep_outbox() -> None:
    """Put abandoned mail back or show it as uncertain."""
    delivery.sweep()


@every(10, queue=SEALING)
def seal_audit() -> int:
    """Number and hash the newest entries of the audit trail."""
    return audit.seal()


@every(600)
def forget_tries() -> int:
    """Delete counts of tries whose time is over."""
    return limits.forget_old()


@every(3600)
def clear_expired() -> dict[str, int]:
    """Delete sessions, codes, devices, links and cached rows whose time is over."""
    return clearing.clear_all()
