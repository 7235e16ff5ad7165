"""Fills tables by INSERT … SELECT generate_series, as the cluster's superuser.

Triggers and foreign keys are off meanwhile; `broken_keys` counts afterwards what they would have
refused. Unique rules and checks hold all along.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from django.db import connection, models
from psycopg import sql

from stage.devtools.embedded.engines import DATABASE, Engines

FIRST = 1001  # the number of the first school and the first region
PEOPLE = 333  # of each of three cohorts of a school
AT_WORK = 200  # of the first cohort; the others of it look for a place
SAMPLED = 1_000_000  # a larger table is looked at by a sample
SAMPLE = "TABLESAMPLE SYSTEM (2)"
SETTINGS = (
    "SET session_replication_role = replica",
    "SET work_mem = '64MB'",
    "SET timezone = 'Europe/Amsterdam'",
)


@dataclass(frozen=True)
class Country:
    """How much there is. With `schools=2` the same schools stand in a tiny country."""

    schools: int = 60
    companies: int = 2084  # of a region
    entries: int = 16_700  # of the audit trail, of a school

    @property
    def regions(self) -> int:
        return max(1, self.schools // 25)

    @property
    def of_region(self) -> int:
        """Schools of a region; the last one has what is left."""
        return -(-self.schools // self.regions)

    def words(self) -> dict[str, str]:
        """What stands in braces in the expressions: computed numbers, as SQL."""
        last, c = FIRST + self.schools - 1, self.companies
        region = f"((s - {FIRST}) / {self.of_region} + {FIRST})"
        slot = f"(((s - {FIRST}) % {self.of_region}) * 83 + k) % {c}"
        return {
            "schools": f"generate_series({FIRST}, {last}) s",
            "regions": f"generate_series({FIRST}, {FIRST + self.regions - 1}) r",
            "people": f"generate_series(1, {3 * PEOPLE}) j",
            "slots": f"generate_series(1, {c}) k",
            "entries": str(self.entries),
            "region": region,
            # Of a school and one of its 400 numbers: a company of its region, each another one.
            "company": f"(({region} - 1) * {c} + 1 + {slot})",
            "per_region": str(c),
            "at_work": str(AT_WORK),
            "cohort": str(PEOPLE),
            "student": "((s - 1) * 1000 + j)",
            "desk": "(5000000 + (s - 1) * 16)",
            "teacher": "(5000000 + (s - 1) * 16 + 1 + j % 14)",
            "days": "ARRAY[extract(isodow from current_date), "
            "extract(isodow from current_date + 2),"
            " extract(isodow from current_date + 4)]::smallint[]",
        }


@dataclass(frozen=True)
class Rows:
    """Rows of a model: from where, and an expression for each field that has no default.

    {words} in both are filled in by `Country.words`.
    """

    model: type[models.Model]
    source: str
    fields: dict[str, str]

    def statement(self, words: dict[str, str]) -> sql.Composed:
        names, values = [], []
        left = dict(self.fields)
        for field in self.model._meta.concrete_fields:
            if field.attname in left:
                values.append(sql.SQL(filled(left.pop(field.attname), words)))
            elif field.generated or (field.primary_key and not field.has_default()):
                continue
            else:
                values.append(self._default(field))
            names.append(sql.Identifier(field.column))
        if left:
            raise ValueError(f"{self.model.__name__} has no {', '.join(left)}")
        return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
            sql.Identifier(self.model._meta.db_table),
            sql.SQL(", ").join(names),
            sql.SQL(", ").join(values),
            sql.SQL(filled(self.source, words)),
        )

    def _default(self, field) -> sql.Composable:
        if field.unique and not field.null:
            raise ValueError(f"{self.model.__name__}.{field.attname} must be told apart")
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            return sql.SQL("now()")
        return sql.Literal(field.get_db_prep_save(field.get_default(), connection))


def filled(text: str, words: dict[str, str]) -> str:
    """Twice, since a word may hold others."""
    for _turn in range(2):
        for name, word in words.items():
            text = text.replace("{" + name + "}", word)
    return text


def load(engines: Engines, country: Country, say: Callable[[str], None] = lambda _text: None):
    """Write the country beside what is there. Raises RuntimeError where a key is broken."""
    began = time.monotonic()
    with engines.connect(DATABASE) as admin:
        write(admin, country)
        admin.execute("VACUUM (ANALYZE)")
        size = admin.execute("SELECT pg_size_pretty(pg_database_size(%s))", [DATABASE]).fetchone()
        say(f"{country.schools} schools, {size[0]}: loaded in {time.monotonic() - began:.0f} s")
        if broken := broken_keys(admin):
            raise RuntimeError(f"broken keys: {broken}")
        say(f"no key of them is broken: {time.monotonic() - began:.0f} s")


def write(admin: psycopg.Connection, country: Country) -> None:
    """Every table, and the sequences behind them."""
    from tests.bench.country import days, places, trail

    words = country.words()
    for setting in SETTINGS:
        admin.execute(setting)
    tables: dict[str, list[Rows]] = {}
    for rows in (*places.ROWS, *days.ROWS, *trail.ROWS):
        tables.setdefault(rows.model._meta.db_table, []).append(rows)
    for table, parts in tables.items():
        _fill(admin, table, parts, words)
    trail.log_ins(admin, country)
    for table, column in admin.execute(SEQUENCES).fetchall():
        admin.execute(BEHIND.format(table=table, column=column))


SEQUENCES = """
SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
WHERE attidentity <> '' AND relnamespace = 'public'::regnamespace
"""
BEHIND = (
    "SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"
    " (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
)


def _fill(admin: psycopg.Connection, table: str, parts: list[Rows], words: dict[str, str]) -> None:
    """One table; its indexes are made anew afterwards, which is faster than row by row."""
    ready = "UPDATE pg_index SET indisready = {} WHERE indrelid = '{}'::regclass"
    with admin.transaction():
        admin.execute(ready.format("false", table))
        for rows in parts:
            try:
                admin.execute(rows.statement(words))
            except psycopg.Error as error:
                raise RuntimeError(f"{table}: {error}") from error
        admin.execute(ready.format("true", table))
        admin.execute(f"REINDEX TABLE {table}")


KEYS = """
SELECT conname, conrelid::regclass::text, confrelid::regclass::text,
    (SELECT array_agg(attname ORDER BY o) FROM unnest(conkey) WITH ORDINALITY u(k, o)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = k),
    (SELECT array_agg(attname ORDER BY o) FROM unnest(confkey) WITH ORDINALITY u(k, o)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = k),
    (SELECT reltuples FROM pg_class WHERE oid = conrelid)
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


def broken_keys(admin: psycopg.Connection) -> dict[str, int]:
    """Per foreign key, Django's and the tenants', how many rows lead nowhere."""
    found = {}
    for name, table, to, columns, keys, rows in admin.execute(KEYS).fetchall():
        same = " AND ".join(f"f.{b} = x.{a}" for a, b in zip(columns, keys, strict=True))
        known = " AND ".join(f"x.{a} IS NOT NULL" for a in columns)
        part = SAMPLE if rows > SAMPLED else ""
        [count] = admin.execute(
            f"SELECT count(*) FROM {table} x {part}"
            f" WHERE {known} AND NOT EXISTS (SELECT FROM {to} f WHERE {same})"
        ).fetchone()
        if count:
            found[name] = count
    return found
