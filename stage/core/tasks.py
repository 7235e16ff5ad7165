"""The core's tasks: mail, seals, counts that are over."""

from celery import shared_task

from stage.core.mail import delivery
from stage.core.record import audit
from stage.core.who import limits
from stage.core.work.jobs import every


@shared_task(name="stage.core.tasks.deliver_outbox", expires=60)
def deliver_outbox() -> int:
    """Send what waits; goes on while there is more."""
    handled = delivery.deliver()
    if handled:
        deliver_outbox.delay()
    return handled


@every(15)
def deliver_waiting() -> int:
    """Send what waits, in case nobody could wake the worker."""
    return delivery.deliver()


@every(60)
def sweep_outbox() -> None:
    """Put abandoned mail back or show it as uncertain."""
    delivery.sweep()


@every(10)
def seal_audit() -> int:
    """Number and hash the newest entries of the audit trail."""
    return audit.seal()


@every(600)
def forget_tries() -> int:
    """Delete counts of tries whose time is over."""
    return limits.forget_old()
