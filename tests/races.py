"""Two at once, made to happen: each waits for a row that the test holds, and are let go together.

Rows are held as the services hold it (FOR NO KEY UPDATE), so that a reference to it does not
wait: whoever does not wait did not ask for the row, and the test fails.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, connections, transaction

from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from stage.devtools.embedded.processes import wait_until

WAITS = 20  # seconds for somebody to arrive at the lock, or to end once it is free


class Racer:
    """A job in a thread and transaction of its own; `answer`: "ok", "conflict" or what broke."""

    def __init__(self, actor, job: Callable) -> None:
        self.answer = ""
        self._actor, self._job, self._backend = actor, job, 0
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            connection.ensure_connection()
            self._backend = connection.connection.info.backend_pid
            with use(self._actor.scope), transaction.atomic():
                self._job(self._actor)
            self.answer = "ok"
        except Conflict:
            self.answer = "conflict"
        except Exception as error:
            self.answer = repr(error)
        finally:
            connections.close_all()

    def is_waiting(self) -> bool:
        """Whether the database says that this one waits for somebody's lock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self._backend])
            return cursor.fetchone()[0] > 0

    def arrive(self) -> None:
        """Until it waits for a lock; fails when it ends, or goes on, without waiting."""
        wait_until(lambda: self.answer or (self._backend and self.is_waiting()), seconds=WAITS)
        assert not self.answer, f"waited for no row, but ended: {self.answer}"
        assert self.is_waiting(), "waits for no row"

    def end(self) -> str:
        """Its answer, once what it waited for is free."""
        self._thread.join(WAITS)
        return self.answer or "still waiting"


@contextmanager
def held(*rows) -> Iterator[None]:
    """Nobody gets these rows until the block ends."""
    with use(SYSTEM), transaction.atomic():
        for row in rows:
            table = type(row)._base_manager.order_by()
            table.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
        yield


def at_once(*jobs, rows) -> list[str]:
    """Run jobs (actor, function) up to where each waits for one of `rows`, then let all go.

    The database serves them in the order in which they came: the first job wins.
    """
    racers = []
    with held(*rows):
        for job in jobs:
            racers.append(Racer(*job))
            racers[-1].arrive()
    return [racer.end() for racer in racers]


def behind(first, second) -> str:
    """Run `second` while what `first` did is not committed: it must wait; answers how it ended."""
    actor, job = first
    with use(actor.scope), transaction.atomic():
        job(actor)
        racer = Racer(*second)
        racer.arrive()
    return racer.end()
