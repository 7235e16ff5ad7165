"""Starting a task without depending on the broker: the work already stands in a table."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task: str, *args) -> bool:
    """Send a task by name; False when the broker is away (a beat job will find the work)."""
    try:
        current_app.send_task(task, args=args, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, %s waits for beat: %s", task, type(error).__name__)
        return False
    return True
