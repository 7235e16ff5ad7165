"""Whether the product works, in numbers that say nothing about anybody."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from django.db import DatabaseError, connection
from django.utils import timezone

from stage.core.record import audit
from stage.core.tenants import laying
from stage.core.tenants.statements import ask
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.work.jobs import late_jobs


@dataclass(frozen=True)
class Health:
    """`database`: it answers. `late_jobs`: names. All else are counts.

    `wall_differences` is where the database's walls are not as declared, looked at every five
    minutes (`manage.py walls --check` names them).
    """

    database: bool
    late_jobs: list[str] = field(default_factory=list)
    uncertain_mails: int = 0
    unsealed_entries: int = 0
    wall_differences: int = 0

    @property
    def good(self) -> bool:
        wrong = self.late_jobs or self.unsealed_entries or self.wall_differences
        return self.database and not wrong

    def as_dict(self) -> dict:
        return {"good": self.good, **asdict(self)}


def measure() -> Health:
    """Ask the database, the heartbeats, the outbox and the audit trail."""
    try:
        connection.ensure_connection()
        with use(NOBODY):
            late = sorted(job.name for job in late_jobs())
        [counts] = ask("platform_counts", timezone.now() - audit.SEALED_WITHIN)
        return Health(
            database=True,
            late_jobs=late,
            uncertain_mails=counts["uncertain"],
            unsealed_entries=counts["unsealed"],
            wall_differences=_wall_differences(int(time.monotonic() / WALLS_SECONDS)),
        )
    except DatabaseError:
        return Health(database=False)


WALLS_SECONDS = 300


@lru_cache(maxsize=1)
def _wall_differences(_turn: int) -> int:
    # Some hundredths of a second, which a monitor need not ask for each time.
    return len(laying.compare(connection))
