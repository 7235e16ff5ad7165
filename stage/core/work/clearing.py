"""What is over and serves nobody goes by itself, in batches that nobody waits for.

Ways in that expired, and what somebody chose whose role ended, for as long after it as their
retention says (`RETENTION`, beside the wall); sessions and rows of the cache as soon as they are
over.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from django.core.cache import cache
from django.db import connection, models, transaction
from django.utils import timezone

from stage.core.dutch.calendar import local_datetime, school_today
from stage.core.models import (
    CalendarFeed,
    Device,
    Link,
    MailedCode,
    NoticeSettings,
    PushSubscription,
)
from stage.core.tenants.retention import Does, table_of_retention, term_on
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use

BATCH = 2000  # rows per transaction
MOST = 200_000  # rows of one kind at a time; the next hour goes on

_KINDS: list[type[models.Model]] = [
    *(Link, MailedCode, Device, CalendarFeed),
    *(NoticeSettings, PushSubscription),
]


def clears(model: type[models.Model]) -> None:
    """Have rows of an app go by themselves: to whose table no row refers, with one clock."""
    _KINDS.append(model)


def clear_all() -> dict[str, int]:
    """Delete what is over; how many of each kind."""
    gone = {model._meta.label: _in_batches(_of_kind(model)) for model in _KINDS}
    gone["sessions"] = _in_batches(_sessions)
    gone["cache"] = _in_batches(_cache)
    return gone


def _in_batches(batch: Callable[[], int]) -> int:
    total = 0
    while total < MOST:
        count = batch()
        total += count
        if count < BATCH:
            break
    return total


def _of_kind(model: type[models.Model]) -> Callable[[], int]:
    declared = table_of_retention()[model]
    [until] = declared.until
    if declared.does is not Does.DELETE or declared.hold is not None:
        raise ValueError(f"{model._meta.label} does not go by one clock")
    before = _before(until.term, school_today())

    def batch() -> int:
        with use(SYSTEM), transaction.atomic():
            over = model._default_manager.filter(**{f"{until.clock}__lt": before})
            over = over.select_for_update(skip_locked=True, of=("self",)).order_by(
                until.clock, "pk"
            )
            numbers = list(over.values_list("pk", flat=True)[:BATCH])
            return model._default_manager.filter(pk__in=numbers).delete()[0] if numbers else 0

    return batch


def _before(term: str, today: date) -> datetime:
    """The moment before which a clock must have started for its term to be over today."""
    return local_datetime(term_on(today, term).last_over(today), time.max)


def _sessions() -> int:
    """And what the log-in library keeps of them for the page of open sessions."""
    with use(NOBODY), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM django_session WHERE session_key IN ("
            " SELECT session_key FROM django_session WHERE expire_date < %s"
            " ORDER BY expire_date LIMIT %s) RETURNING session_key), also AS ("
            " DELETE FROM usersessions_usersession u USING gone"
            " WHERE u.session_key = gone.session_key)"
            " SELECT count(*) FROM gone",
            [timezone.now(), BATCH],
        )
        return cursor.fetchone()[0]


def _cache() -> int:
    return cache.clear_expired(BATCH)  # type: ignore[attr-defined]
