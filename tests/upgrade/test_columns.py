"""An upgrade changes each column that a policy names, with rows in every table.

Longer or retyped, renamed and back, removed and added again: the walls are equal before and after,
and every audience sees what it saw.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from tests.upgrade.columns import (
    Column,
    alter,
    audiences,
    by_hand,
    empty,
    longer,
    named_columns,
    renamed,
    seen,
    undone,
    walls,
)

pytestmark = pytest.mark.django_db


def test_there_is_something_to_lose(filled):
    connection, world = filled
    columns = named_columns(connection)
    tables = tuple(sorted({table for column in columns for table in column.tables}))
    assert len(columns) > 120
    counts = seen(connection, audiences(world), tables)
    assert {who for who, count in counts.items() if who[0] == "system" and not count} == set()
    assert {role for (role, _table), count in counts.items() if count} == set(audiences(world))


def test_each_column_is_made_longer_or_retyped(filled):
    connection, world = filled
    scopes, wrong = audiences(world), []
    standing = as_it_was(connection, scopes)
    for column in named_columns(connection):
        before = standing(column)
        with undone():
            alter(connection, column, column.field, longer(column.field))
            after = walls(connection, column.tables), seen(connection, scopes, column.tables)
        if before != after:
            wrong.append((str(column), differing(before, after)))
    assert wrong == []


def test_each_column_is_renamed_and_gets_its_name_back(filled):
    connection, world = filled
    scopes, wrong = audiences(world), []
    standing = as_it_was(connection, scopes)
    for column in named_columns(connection):
        before = standing(column)
        with undone():
            new = renamed(column.field)
            alter(connection, column, column.field, new)
            between = seen(connection, scopes, column.tables)
            alter(connection, column, new, column.field)
            after = walls(connection, column.tables), seen(connection, scopes, column.tables)
        if before != after or between != before[1]:
            wrong.append((str(column), differing(before, after)))
    assert wrong == []


def test_each_column_is_removed_and_added_again(filled):
    connection, world = filled
    scopes, wrong = audiences(world), []
    standing = as_it_was(connection, scopes)
    for column in named_columns(connection):
        if column.field.primary_key:
            continue  # a table does not lose its primary key
        before = standing(column)
        with undone():
            between = remove_and_add(connection, column, scopes)
            after = walls(connection, column.tables), seen(connection, scopes, column.tables)
        if before != after:
            wrong.append((str(column), differing(before, after)))
        # While it is away somebody may see less, nobody more.
        wrong += [(str(column), who) for who, n in between.items() if n > before[1][who]]
    assert wrong == []


def as_it_was(connection, scopes) -> Callable[[Column], tuple]:
    """The walls of a column's tables and what is seen there, looked at once: all is undone."""

    @cache
    def of(tables: tuple[str, ...]) -> tuple:
        return walls(connection, tables), seen(connection, scopes, tables)

    return lambda column: of(column.tables)


def remove_and_add(connection, column, scopes) -> dict:
    """In one migration, with its values carried over; what is seen while it is away."""
    name, key, table = column.field.column, column.model._meta.pk.column, column.table
    nullable = empty(column.field)
    with by_hand(connection, table), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE kept AS SELECT {key} AS id, {name} AS value FROM {table}"
        )
    with connection.schema_editor() as editor:
        editor.remove_field(column.model, column.field)
        between = seen(connection, scopes, column.tables)
        editor.add_field(column.model, nullable)
        with by_hand(connection, table), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {name} = kept.value FROM kept WHERE kept.id = {table}.{key}"
            )
        editor.alter_field(column.model, nullable, column.field, strict=True)
    return between


def differing(before: tuple, after: tuple) -> tuple:
    texts = set(before[0]) ^ set(after[0])
    return sorted(texts), {k: (n, after[1][k]) for k, n in before[1].items() if n != after[1][k]}
