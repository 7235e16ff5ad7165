"""`manage.py migrate`: Django's, coming back where a table is in use.

No step waits longer than a second for a lock (`postgres/schema.py`), since everybody else would
wait behind it. Each migration is a transaction: what was done stays done, the rest is tried again.
"""

from __future__ import annotations

import time

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError

from stage.core.tenants.laying import LOCKED, PAUSES, WallsError


class Command(migrate.Command):
    help = migrate.Command.help
    pauses = PAUSES

    def handle(self, *args, **options) -> None:
        for pause in (*self.pauses, None):
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != LOCKED or pause is None:
                    raise
                self.stderr.write(f"A table is in use; tried again in {pause} s.")
                time.sleep(pause)
            except WallsError as error:
                raise CommandError(f"The walls are not as declared:\n{error}") from None
