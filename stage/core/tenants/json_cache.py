"""Django's cache in the database, as JSON: what stands there is read, never run.

Django's own back end pickles, so that whoever may write a row runs code in the process that reads
it. Here a value is JSON and nothing else: tuples come back as lists, and what JSON has no word for
is refused with a TypeError. Every statement runs as the log-in role, whatever scope the request is
in: no audience has a right on this table (docs/architecture.md, the walls).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connection
from django.utils import timezone

from stage.core.tenants.tenancy import NOBODY, use


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
        return self._count(
            f"INSERT INTO {self._table} AS t (cache_key, value, expires) VALUES (%s, %s, %s)"  # noqa: S608
            " ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value,"
            f" expires = EXCLUDED.expires WHERE {only_when}",
            values,
        )

    def _expiry(self, timeout) -> datetime:
        seconds = self.get_backend_timeout(timeout)
        # `max` would be read as a date nobody can add to; the year 9999 is never enough.
        far = datetime(9999, 12, 31, tzinfo=UTC)
        return far if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)

    def clear_expired(self, limit: int) -> int:
        """Delete what has expired, so many rows at most, or what expires first of a full table.

        A job does (`stage.core.work.clearing`): who writes never counts the rows.
        """
        gone = self._delete_first(limit, "WHERE expires <= %s", timezone.now())
        if gone < limit:
            [(count,)] = self._all(f"SELECT count(*) FROM {self._table}", [])  # noqa: S608
            if count > self._max_entries:
                gone += self._delete_first(max(count // (self._cull_frequency or 1), 1))
        return gone

    def _delete_first(self, limit: int, where: str = "", *values) -> int:
        with use(NOBODY), connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {self._table} WHERE cache_key IN (SELECT cache_key"  # noqa: S608
                f" FROM {self._table} {where} ORDER BY expires LIMIT %s)",
                [*values, limit],
            )
            return cursor.rowcount

    def _all(self, sql: str, values: list) -> list[tuple]:
        with use(NOBODY), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def _count(self, sql: str, values: list) -> bool:
        with use(NOBODY), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount > 0
