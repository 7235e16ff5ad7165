"""Compares the walls with their declaration, and mends and drops what differs.

`compare` changes nothing and names every difference. `lay` mends table by table, each in a short
transaction of its own that waits a few seconds at most for a lock and comes back later, so that
others are served meanwhile; nothing is locked where a table stands as declared.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import DatabaseError, transaction

from stage.core.tenants import catalogue, drafts
from stage.core.tenants.drafts import Digests
from stage.core.tenants.plan import OWNER, Key, Made, plan
from stage.core.tenants.postgres.schema import LOCK_SECONDS
from stage.core.tenants.tenancy import NOBODY, use

PAUSES = (0.25, 0.5, 1, 2, 4, 8, 8, 8)  # seconds between tries for a table that is in use
LOCKED = "55P03"
NOT_YET = ("42703", "42P01", "42883")  # no such column, table or function: a migration waits
NOT_VALID = " NOT VALID"
logger = logging.getLogger(__name__)


class WallsError(Exception):
    """The walls could not be made what they should be; says what still differs, and why."""


@dataclass(frozen=True)
class Difference:
    """One part that is not as declared: `missing`, `extra` or `changed`."""

    state: str
    key: Key
    is_: str = ""
    drop: tuple[str, ...] = ()
    make: tuple[str, ...] = ()

    def __str__(self) -> str:
        is_ = " ".join(self.is_.split())
        return f"{self.state} {self.key}{f' ({is_[:200]})' if is_ else ''}"


@dataclass
class Comparison:
    """What differs, and what was held against the catalogue."""

    differences: list[Difference]
    parts: dict[Key, Made]
    digests: Digests


def compare(connection) -> list[Difference]:
    """Every difference between catalogue and declaration; changes nothing."""
    with use(NOBODY):
        return _compare(connection).differences


def _compare(connection, known: Digests | None = None) -> Comparison:
    """`known`: digests of an earlier comparison of the same declaration."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        cursor.execute("SET LOCAL search_path = public, pg_temp")
        parts = plan(catalogue.relations(cursor))
        stands = catalogue.found(cursor)
        if known is not None:
            digests = known
        elif drafts.may_draft(cursor):
            digests = drafts.drafted(connection, parts)
        else:
            digests = drafts.recorded(cursor, parts)
        transaction.set_rollback(True, using=connection.alias)
    return Comparison(list(_differences(parts, stands, digests)), parts, digests)


def _differences(parts, stands, digests: Digests) -> Iterator[Difference]:
    for key in sorted({*parts, *stands}):
        made, there = parts.get(key), stands.get(key)
        if made is None:
            yield Difference("extra", key, there.is_, there.drop)
        elif there is None:
            yield Difference("missing", key, make=made.make)
        elif made.is_ is None:
            if drafts.digest(there.is_) not in digests.get(key, ()):
                drop = () if made.in_place else there.drop
                yield Difference("changed", key, there.is_, drop, made.make)
        elif there.is_ == made.is_ + NOT_VALID:
            validate = f"ALTER TABLE public.{key.table} VALIDATE CONSTRAINT {key.name}"
            yield Difference("changed", key, there.is_, make=(validate,))
        elif there.is_ != made.is_:
            yield Difference("changed", key, there.is_, there.drop, made.make)


def lay(connection, pauses: Sequence[float] = PAUSES) -> list[str]:
    """Make the walls what is declared; run as the owner of the tables.

    Returns what waits for a migration that has not run: such a table is closed to that audience
    meanwhile. WallsError when something else still differs after all tries.
    """
    before: list[Difference] | None = None
    known: Digests | None = None
    waits = iter(pauses)
    with use(NOBODY):
        while True:
            now = _patiently(connection, known, waits)
            known = now.digests
            if not now.differences:
                _record(connection, now)
                return []
            troubles = _mend_all(connection, now.differences)
            if any(trouble.code == LOCKED for trouble in troubles):
                _pause(waits, troubles)
                before = None
                continue
            if now.differences == before:
                return _left_over(connection, now, troubles)
            before = now.differences


def may_lay(connection) -> bool:
    """Whether this log-in owns the tables, or may act as who does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(session_user, %s, 'USAGE')", [OWNER])
        return cursor.fetchone()[0]


@dataclass(frozen=True)
class Trouble:
    """Why something could not be mended; `code` is PostgreSQL's."""

    what: str
    code: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


def _patiently(connection, known: Digests | None, waits: Iterator[float]) -> Comparison:
    while True:
        try:
            return _compare(connection, known)
        except DatabaseError as error:
            trouble = _trouble("comparing", error)
            if trouble.code != LOCKED:
                raise
            _pause(waits, [trouble])


def _pause(waits: Iterator[float], troubles: list[Trouble]) -> None:
    pause = next(waits, None)
    if pause is None:
        raise WallsError("\n".join(str(trouble) for trouble in troubles))
    logger.warning("walls: in use, tried again in %s s: %s", pause, "; ".join(map(str, troubles)))
    time.sleep(pause)


def _left_over(connection, now: Comparison, troubles: list[Trouble]) -> list[str]:
    """Two rounds changed nothing more: what only waits for a migration, or WallsError."""
    waiting = all(t.code in NOT_YET for t in troubles)
    blamed = {t.what for t in troubles}
    rest = [d for d in now.differences if d.key.kind != "table" and str(d.key) not in blamed]
    lines = [*map(str, troubles), *(str(d) for d in now.differences if d.key.kind == "table")]
    if not waiting or rest:
        raise WallsError("\n".join([*map(str, now.differences), *map(str, troubles)]))
    _record(connection, now)
    return lines


def _record(connection, now: Comparison) -> None:
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        drafts.record(cursor, now.parts, now.digests)


def _place(difference: Difference) -> tuple[int, str]:
    """What is mended together, and in which order: what others need first."""
    key = difference.key
    if key.kind in ("function", "default privilege"):
        return (4 if difference.state == "extra" else 0), key.name
    return (3 if key.kind == "tenant key" else 2 if key.table else 1), key.table


def _mend_all(connection, differences: Iterable[Difference]) -> list[Trouble]:
    troubles = []
    for (_rank, place), group in groupby(sorted(differences, key=_place), key=_place):
        mine = list(group)
        try:
            troubles += _mend(connection, mine)
        except DatabaseError as error:
            troubles.append(_trouble(str(mine[0].key) if len(mine) == 1 else place, error))
    return troubles


def _mend(connection, differences: list[Difference]) -> list[Trouble]:
    """One transaction: whoever reads meanwhile sees the table as it was, then as it should be."""
    drops = [sql for difference in differences for sql in difference.drop]
    makes = [sql for difference in differences for sql in difference.make]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        cursor.execute("SET LOCAL search_path = public, pg_temp")
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute(";\n".join([*drops, *makes]) or "SELECT")
            return []
        except DatabaseError as error:
            if _trouble("", error).code not in NOT_YET:
                raise
        return [t for d in differences for t in _mend_what_can_be(connection, cursor, d)]


def _mend_what_can_be(connection, cursor, difference: Difference) -> Iterator[Trouble]:
    """What is no longer declared goes, also where what replaces it cannot stand yet."""
    for statements in (difference.drop, difference.make):
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute(";\n".join(statements) or "SELECT")
        except DatabaseError as error:
            trouble = _trouble(str(difference.key), error)
            if trouble.code not in NOT_YET:
                raise
            yield trouble


def _trouble(what: str, error: DatabaseError) -> Trouble:
    code = getattr(error.__cause__, "sqlstate", None) or ""
    return Trouble(what, code, str(error).strip().partition("\n")[0])
