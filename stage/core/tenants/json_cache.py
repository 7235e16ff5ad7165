"""Django's cache in the database, as JSON: what stands there is read, never run.

Django's own back end pickles, so that whoever may write a row runs code in the process that reads
it. Here a value is JSON and nothing else: tuples come back as lists, and what JSON has no word for
is refused with a TypeError. Every statement runs as the log-in role, whatever scope the request is
in: no audience has a right on this table (docs/architecture.md, the walls).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connection
from django.utils import timezone

from stage.core.tenants.tenancy import NOBODY, use

CULL_EVERY = 100  # one write in so many looks whether the table grew too large


class JsonDatabaseCache(BaseDatabaseCache):
    """The back end; `LOCATION` names the table, which a migration of the core makes."""

    _table: str
    _max_entries: int
    _cull_frequency: int

    def get(self, key, default=None, version=None):
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[str], version=None) -> dict[str, Any]:
        """The values that are there and have not expired."""
        names = {self.make_and_validate_key(key, version=version): key for key in keys}
        rows = self._all(
            f"SELECT cache_key, value FROM {self._table}"  # noqa: S608
            " WHERE cache_key = ANY(%s) AND expires > %s",
            [list(names), timezone.now()],
        )
        found = {}
        for name, text in rows:
            try:
                found[names[name]] = json.loads(text)
            except ValueError:
                continue  # not ours: as good as absent
        return found

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None) -> None:
        self._put(key, value, timeout, version)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None) -> bool:
        """Set it unless it is there; whether it was set."""
        return self._put(key, value, timeout, version, only_when="t.expires <= %s")

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        return self._count(
            f"UPDATE {self._table} SET expires = %s"  # noqa: S608
            " WHERE cache_key = %s AND expires > %s",
            [self._expiry(timeout), name, timezone.now()],
        )

    def delete(self, key, version=None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        return self._count(f"DELETE FROM {self._table} WHERE cache_key = %s", [name])  # noqa: S608

    def delete_many(self, keys, version=None) -> None:
        names = [self.make_and_validate_key(key, version=version) for key in keys]
        self._count(f"DELETE FROM {self._table} WHERE cache_key = ANY(%s)", [names])  # noqa: S608

    def has_key(self, key, version=None) -> bool:
        return bool(self.get_many([key], version))

    def clear(self) -> None:
        self._count(f"DELETE FROM {self._table}", [])  # noqa: S608

    def _put(self, key, value, timeout, version, only_when: str = "true") -> bool:
        name = self.make_and_validate_key(key, version=version)
        values = [name, json.dumps(value), self._expiry(timeout)]
        if only_when != "true":
            values.append(timezone.now())
        written = self._count(
            f"INSERT INTO {self._table} AS t (cache_key, value, expires) VALUES (%s, %s, %s)"  # noqa: S608
            " ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value,"
            f" expires = EXCLUDED.expires WHERE {only_when}",
            values,
        )
        if secrets.randbelow(CULL_EVERY) == 0:
            self._cull()
        return written

    def _expiry(self, timeout) -> datetime:
        seconds = self.get_backend_timeout(timeout)
        # `max` would be read as a date nobody can add to; the year 9999 is never enough.
        far = datetime(9999, 12, 31, tzinfo=UTC)
        return far if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)

    def _cull(self) -> None:
        """Delete what has expired, and when that is not enough what expires first."""
        self._count(f"DELETE FROM {self._table} WHERE expires <= %s", [timezone.now()])  # noqa: S608
        # As the last ANALYZE found it: counting would read the whole table.
        [(count,)] = self._all(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [self._table]
        )
        if count > self._max_entries:
            self._count(
                f"DELETE FROM {self._table} WHERE cache_key IN (SELECT cache_key"  # noqa: S608
                f" FROM {self._table} ORDER BY expires LIMIT %s)",
                [max(count // (self._cull_frequency or 1), 1)],
            )

    def _all(self, sql: str, values: list) -> list[tuple]:
        with use(NOBODY), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def _count(self, sql: str, values: list) -> bool:
        with use(NOBODY), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount > 0
