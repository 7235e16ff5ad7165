"""How far a long job is, told from inside its one transaction.

The rows of a job are written in one transaction, so nobody sees them before the end. What is done
so far is written over a second connection that commits at once. It is no alias in the settings: it
lives as long as the job's work, and no page pays for it.
"""

from __future__ import annotations

from types import TracebackType

from django.db import connection

MIN_STEP = 100  # rows; below that a statement would cost more than it tells


class Progress:
    """Writes `done` and a sign of life of one attempt of one job; a context manager.

    Call it with the number of rows done, and in a `Job` with words for what it is at. The row may
    not be locked by the work's own transaction.
    """

    def __init__(self, job):
        self._job = job
        self._side = connection.copy()
        self._told = 0

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int, step: str = "") -> None:
        if done - self._told < MIN_STEP and done < self._job.total and not step:
            return
        self._told = done
        side = self._side
        if side.connection is None:
            side.connect()
            side.set_autocommit(False)
        also, words = (", step = %s", [step[:120]]) if step else ("", [])
        with side.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self._job._meta.db_table} SET done = %s, claimed_at = now(),"  # noqa: S608
                f" changed_at = now(){also} WHERE id = %s AND attempts = %s AND state = %s",
                [done, *words, self._job.pk, self._job.attempts, self._job.state],
            )
        side.commit()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._side.close()
