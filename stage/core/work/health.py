"""Whether the product works, in numbers that say nothing about anybody."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from django.db import DatabaseError, connection
from django.utils import timezone

from stage.core.record import audit
from stage.core.tenants.statements import ask
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.work.jobs import late_jobs


@dataclass(frozen=True)
class Health:
    """`database`: it answers. `late_jobs`: names. `uncertain_mails`, `unsealed_entries`: counts."""

    database: bool
    late_jobs: list[str] = field(default_factory=list)
    uncertain_mails: int = 0
    unsealed_entries: int = 0

    @property
    def good(self) -> bool:
        return self.database and not self.late_jobs and not self.unsealed_entries

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
        )
    except DatabaseError:
        return Health(database=False)
