"""Whether the product works, in numbers that say nothing about anybody.

Anybody may ask, as often as they like: what is asked of the database reads a handful of rows
however large the country grows, and an answer holds for some seconds.
"""

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
    """`database`: it answers. `late_jobs`: names. All else are counts, none above a thousand.

    `wall_differences` is where the database's walls are not as declared, looked at every five
    minutes (`manage.py walls --check` names them).
    """

    database: bool
    late_jobs: list[str] = field(default_factory=list)
    waiting_mails: int = 0
    uncertain_mails: int = 0
    unsealed_entries: int = 0
    wall_differences: int = 0

    @property
    def parts(self) -> dict[str, bool]:
        """What anybody may know: which parts are well. An uncertain mail asks for a person."""
        return {
            "database": self.database,
            "jobs": self.database and not self.late_jobs,
            "mail": self.database and not self.uncertain_mails,
            "trail": self.database and not self.unsealed_entries,
            "walls": self.database and not self.wall_differences,
        }

    @property
    def good(self) -> bool:
        return all(fine for part, fine in self.parts.items() if part != "mail")

    def as_dict(self, *, counts: bool) -> dict:
        """For a monitor; with all counts for one that proved to be ours."""
        told = {"good": self.good, "parts": self.parts}
        return {**told, **asdict(self)} if counts else told


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
            waiting_mails=counts["due"],
            uncertain_mails=counts["uncertain"],
            unsealed_entries=counts["unsealed"],
            wall_differences=_wall_differences(int(time.monotonic() / WALLS_SECONDS)),
        )
    except DatabaseError:
        return Health(database=False)


HOLDS_SECONDS = 5
WALLS_SECONDS = 300


def lately() -> Health:
    """The last answer of this process, or a new one where it is some seconds old."""
    return _measured(int(time.monotonic() / HOLDS_SECONDS))


@lru_cache(maxsize=1)
def _measured(_turn: int) -> Health:
    return measure()


def forget() -> None:
    """The next answer is measured anew."""
    _measured.cache_clear()


@lru_cache(maxsize=1)
def _wall_differences(_turn: int) -> int:
    # Some hundredths of a second, which a monitor need not ask for each time.
    return len(laying.compare(connection))
