"""Starting a task without depending on the broker: the work already stands in a table."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
# What was asked for within `once`, in order; None outside of it.
_held: ContextVar[dict[tuple, None] | None] = ContextVar("held", default=None)


def wake(task: str, *args) -> bool:
    """Send a task by name; False when the broker is away (a beat job will find the work)."""
    held = _held.get()
    if held is not None:
        held[(task, *args)] = None
        return True
    try:
        current_app.send_task(task, args=args, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, %s waits for beat: %s", task, type(error).__name__)
        return False
    return True


@contextmanager
def once() -> Iterator[None]:
    """Send each task that is asked for within this once, at the end: for many writes at a time.

    Around the transaction, since tasks are asked for when it is committed. Nothing is sent when it
    fails.
    """
    held: dict[tuple, None] = {}
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
    for asked in held:
        wake(*asked)
