"""The test database as its owner: for emptying it, altering its tables and laying its walls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import connection, connections
from django.db.models.signals import post_migrate

from stage.core.tenants.postgres.base import DatabaseWrapper

# Filled by signals of their own; no test writes into them.
KEPT = ("django_content_type", "auth_permission")
_owner: dict[str, str] = {}


def owner_connection() -> DatabaseWrapper:
    """A connection of its own, to the same database, as the role that owns the tables."""
    return DatabaseWrapper({**connection.settings_dict, **_owner}, "default")


@contextmanager
def as_owner() -> Iterator[DatabaseWrapper]:
    """Everything that asks for the default connection in this thread gets the owner's."""
    usual, owner = connections["default"], owner_connection()
    connections["default"] = owner
    try:
        yield owner
    finally:
        connections["default"] = usual
        owner.close()


@contextmanager
def emptied_by(user: str, password: str) -> Iterator[None]:
    """The product's log-in may not TRUNCATE, in tests neither: the owner empties the tables."""
    _owner.update(USER=user, PASSWORD=password)
    ops, flush = connection.ops, connection.ops.sql_flush

    def statements(style, tables, **options):
        return flush(style, [table for table in tables if table not in KEPT], **options)

    def execute(sql_list):
        owner = owner_connection()
        with owner.cursor() as cursor:
            for sql in sql_list:
                cursor.execute(sql)
        owner.close()

    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    with (
        patch.object(ops, "sql_flush", statements),
        patch.object(ops, "execute_sql_flush", execute),
    ):
        yield
