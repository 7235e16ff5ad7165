"""Statements written once, for the few reads and writes that nearly every request does.

The ORM builds a statement anew at each call, which costs more than the database takes for it. Only
what was measured to matter comes here (docs/decisions/0008); everything else uses the ORM. The
tenant's scope and the database's walls hold here as anywhere.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection, models

from stage.core.tenants.tenancy import NOBODY, use

M = TypeVar("M", bound=models.Model)


class Joined(Generic[M]):
    """Reads rows of a model with some of its to-one relations filled in.

    `where` is SQL about the model's own table, which is called `row`; its values come with the
    call. Columns with converters of their own (JSON) are not for here: the rows come as the driver
    gives them. What `also` names is worked out beside each row, and its values come first.
    """

    def __init__(
        self,
        model: type[M],
        *relations: str,
        where: str = "true",
        source: str = "",
        also: dict[str, str] | None = None,
    ):
        self.model = model
        self.also = also or {}
        self.relations = relations
        self.where = where
        # A function of the database that gives rows of the table, instead of the table itself.
        self.source = source or f'"{model._meta.db_table}"'

    def __call__(self, *values) -> list[M]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            return [self._row(found) for found in cursor.fetchall()]

    @cached_property
    def _parts(self) -> list[tuple[str, type[models.Model], list[str]]]:
        """Per table its alias, its model and the names of its fields, in the order of columns."""
        related = [(name, self._field(name).related_model) for name in self.relations]
        return [
            (alias, model, [field.attname for field in model._meta.concrete_fields])
            for alias, model in [("row", self.model), *related]
        ]

    @cached_property
    def _sql(self) -> str:
        columns = ", ".join(
            f'"{alias}"."{field.column}"'
            for alias, model, _names in self._parts
            for field in model._meta.concrete_fields
        )
        columns += "".join(f", ({sql})" for sql in self.also.values())
        joins = " ".join(
            f'LEFT JOIN "{model._meta.db_table}" AS "{alias}"'
            f' ON "{alias}".id = "row"."{self._field(alias).column}"'
            for alias, model, _names in self._parts[1:]
        )
        return f'SELECT {columns} FROM {self.source} AS "row" {joins} WHERE {self.where}'  # noqa: S608

    def _field(self, name: str):
        return self.model._meta.get_field(name)

    def _row(self, found: tuple) -> M:
        made, start = {}, 0
        for alias, model, names in self._parts:
            end = start + len(names)
            made[alias] = model.from_db(DEFAULT_DB_ALIAS, names, found[start:end])
            start = end
        row = cast("M", made["row"])
        for alias in self.relations:
            is_there = getattr(row, self._field(alias).attname) is not None
            setattr(row, alias, made[alias] if is_there else None)
        for name, value in zip(self.also, found[start:], strict=True):
            setattr(row, name, value)
        return row


def insert_once(row: models.Model) -> bool:
    """Insert a new row, unless a unique rule forbids it: then False, and the transaction goes on.

    One statement instead of a savepoint, an INSERT and the savepoint's end.
    """
    meta = row._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = (
        f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608
        f' ON CONFLICT DO NOTHING RETURNING "{meta.pk.column}"'
    )
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return True


def ask(function: str, *values) -> list[dict[str, Any]]:
    """Rows of one of the database's look-ups before a scope is known (`Peephole`), by column.

    Runs as the log-in role, the only one that may ask.
    """
    places = ", ".join(["%s"] * len(values))
    with use(NOBODY), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({places})", values)  # noqa: S608
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
