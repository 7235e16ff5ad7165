"""Whether the product works, in numbers that say nothing about anybody."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from django.db import DatabaseError, connection

from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.record import audit
from stage.core.tenants.tenancy import SYSTEM, use
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
        with use(SYSTEM):
            return Health(
                database=True,
                late_jobs=sorted(job.name for job in late_jobs()),
                uncertain_mails=OutboxMail.objects.filter(state=MailState.UNCERTAIN).count(),
                unsealed_entries=audit.unsealed_since(),
            )
    except DatabaseError:
        return Health(database=False)
