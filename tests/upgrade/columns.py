"""The columns that policies name, what each audience sees, and how a migration changes a column."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connections, models, transaction

from stage.core.tenants.tenancy import SYSTEM, Scope, school_scope, use
from stage.core.tenants.walls import table_of_walls

NAMED = """
SELECT c.relname, a.attname, array_agg(DISTINCT o.relname::text) FROM pg_depend d
JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid
JOIN pg_class o ON o.oid = p.polrelid
JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE d.refobjsubid > 0 GROUP BY 1, 2 ORDER BY 1, 2
"""
WALLS = """
SELECT concat_ws(' ', tablename, policyname, permissive, cmd, roles, qual, with_check)
FROM pg_policies WHERE tablename = ANY (%(tables)s)
UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger
WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY (%(tables)s)
UNION ALL SELECT concat_ws(' ', conname, conrelid::regclass, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conname LIKE 'tenant\\_%%' AND (conrelid::regclass::text = ANY (%(tables)s)
    OR confrelid::regclass::text = ANY (%(tables)s))
UNION ALL SELECT concat_ws(' ', relname, relrowsecurity, relforcerowsecurity, relowner)
FROM pg_class WHERE relname = ANY (%(tables)s)
UNION ALL SELECT concat_ws(' ', relname, given) FROM pg_class, unnest(relacl) given
WHERE relname = ANY (%(tables)s)
UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, given)
FROM pg_attribute, unnest(attacl) given WHERE attrelid::regclass::text = ANY (%(tables)s)
"""


@dataclass(frozen=True)
class Column:
    """A column that policies name; `tables`: its own, and those whose policies name it."""

    field: models.Field
    tables: tuple[str, ...]

    @property
    def model(self) -> type[models.Model]:
        return self.field.model

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def __str__(self) -> str:
        return f"{self.table}.{self.field.column}"


def named_columns(connection) -> list[Column]:
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    with connection.cursor() as cursor:
        cursor.execute(NAMED)
        rows = cursor.fetchall()
    found = []
    for table, name, tables in rows:
        fields = {field.column: field for field in by_table[table]._meta.concrete_fields}
        found.append(Column(fields[name], tuple(sorted({table, *tables}))))
    return found


def walls(connection, tables: tuple[str, ...]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(WALLS, {"tables": list(tables)})
        return sorted(text for (text,) in cursor.fetchall())


def audiences(world) -> dict[str, Scope]:
    """The scopes of one person each; the owner may ask the look-ups that the log-in role has."""
    with transaction.atomic():
        with connections["default"].cursor() as cursor:
            cursor.execute("SET LOCAL ROLE stage_system")
            cursor.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO stage_owner")
            cursor.execute("RESET ROLE")
        found = {
            "school": school_scope(world.berk.school),
            "student": world.actor(world.berk.logins[0]).scope,
            "company": world.company_actor(world.noord.contacts[0]).scope,
            "bureau": world.actor(world.noord.bureau).scope,
            "system": SYSTEM,
        }
        transaction.set_rollback(True)
    return found


def seen(connection, scopes: dict[str, Scope], tables: tuple[str, ...]) -> dict[tuple, int]:
    """Per audience and table that it may read: how many rows are there for it."""
    may = {m._meta.db_table: wall for m, wall in table_of_walls().items()}
    counts = {}
    for role, scope in scopes.items():
        mine = [table for table in tables if "r" in may[table].verbs(role)]
        if mine:
            with use(scope), connection.cursor() as cursor:
                cursor.execute(" UNION ALL ".join(f"SELECT '{t}', count(*) FROM {t}" for t in mine))
                counts.update({(role, table): count for table, count in cursor.fetchall()})
    return counts


@contextmanager
def undone() -> Iterator[None]:
    """What a migration does to one column, taken back afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def alter(connection, column: Column, old: models.Field, new: models.Field) -> None:
    with connection.schema_editor() as editor:
        editor.alter_field(column.model, old, new, strict=True)


def longer(field: models.Field) -> models.Field:
    """The same field with a longer or newly named type, so that the column is retyped."""
    new = copy.copy(field)
    if field.max_length and isinstance(field, models.CharField):
        new.max_length = field.max_length + 40
        return new
    if isinstance(field, ArrayField):
        new.base_field = longer(field.base_field)
        return new
    # The same type by another name: PostgreSQL retypes and lays nothing for the same one.
    alias = {
        "timestamp with time zone": "timestamptz",
        "date": "pg_catalog.date",
        "bigint": "int8",
        "integer": "int4",
        "smallint": "int2",
        "boolean": "bool",
    }
    type_of = field.db_parameters

    def parameters(connection) -> dict:
        known = type_of(connection)
        return {**known, "type": alias[known["type"]]}

    name, path, arguments, options = field.deconstruct()
    new.db_parameters = parameters
    new.deconstruct = lambda: (name, f"{path} retyped", arguments, options)
    return new


def renamed(field: models.Field) -> models.Field:
    new = copy.copy(field)
    new.column = f"{field.column}_x"
    return new


def empty(field: models.Field) -> models.Field:
    """The same field, without a value in rows that are there."""
    new = copy.copy(field)
    new.null = True
    new.default = models.NOT_PROVIDED
    return new


@contextmanager
def by_hand(connection, table: str) -> Iterator[None]:
    """What a migration of data needs: no trigger in the way, and the owner sees the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = %s", [table])
        force = ", {}FORCE ROW LEVEL SECURITY" if cursor.fetchone()[0] else ""
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER{force.format('NO ')}")
        yield
        connection.check_constraints()
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER{force.format('')}")
