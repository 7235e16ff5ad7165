"""How long each row about a person is kept, as data: declared beside the wall of its table.

Each app's `walls.py` declares one `Retention` per model in `RETENTION`. From that one table come
the check that forgets no field (`stage.core.tenants.retention_faults`) and the order in which rows
go (`deletion_order`). Terms are reference data of the kind `retention`, dated and with a source.

Rows go one table after the other in that order. Two rules hold for whatever deletes them:
a row stays while a row that refers to it stays, also where the key would cascade; and a row whose
`hold` runs longer stays until that ends, where the evidence it is part of was claimed.
"""

from __future__ import annotations

import calendar
import graphlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from importlib import import_module

from django.apps import apps
from django.db import models

from stage.core import reference
from stage.core.dutch.calendar import school_year, school_year_bounds

KIND = "retention"  # of the reference data that hold the terms

Models = dict[type[models.Model], "Retention"]


class Does(StrEnum):
    """What happens when the term is over."""

    DELETE = "delete"  # the row, and the bytes of the files it names
    BLANK = "blank"  # the fields that name people; the row stays
    KEEP = "keep"  # nothing: the table names nobody, and `why` says so


class Event(StrEnum):
    """Clocks that no column holds; whatever deletes must work them out."""

    LAST_CONTACT = "last_contact"  # the company or person last wrote, answered, guided or was asked
    CONTRACT_ENDED = "contract_ended"  # the school or region stopped using the product
    PERSON_GONE = "person_gone"  # the row that `person_kind` and `person_id` point at is deleted
    ROLES_ENDED = "roles_ended"  # the last role (Membership) of the log-in ended
    UNREFERENCED = "unreferenced"  # the last row that referred to this one is deleted


@dataclass(frozen=True)
class Until:
    """A moment: so long after a date, which is a column, a path to one, or an event."""

    clock: str | Event  # "created_at", "student__left_on"; while it is empty nothing runs
    term: str  # key of the reference data


@dataclass(frozen=True)
class Sooner:
    """Fields that are emptied before their row goes."""

    fields: tuple[str, ...]
    until: Until


@dataclass(frozen=True)
class Retention:
    """When the rows of one table go, how, and which of its fields name or describe a person.

    Every field that can hold words about a person stands in `names` or in `plain`, as the check
    demands; a field inside JSON may be named as `document.student.name`. A table that keeps a
    name of anybody for ever cannot be declared.
    """

    does: Does
    until: tuple[Until, ...] = ()  # the first that is over counts
    names: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()  # fields of such a kind that name nobody
    files: tuple[str, ...] = ()  # of `names`: paths under FILES_ROOT whose bytes go too
    sooner: tuple[Sooner, ...] = ()
    # What a field is emptied to, where "", NULL or an empty list or object is not allowed.
    put: Mapping[str, object] = field(default_factory=dict)
    hold: Until | None = None  # longer, where somebody claimed money on this evidence
    # Own keys, in a ring of tables or to the own table, that are set to NULL before rows go.
    loosens: tuple[str, ...] = ()
    # "app.Model.column" of tables below that hold this row's number without a foreign key: those
    # rows go first.
    numbers_in: tuple[str, ...] = ()
    why: str = ""

    @property
    def moments(self) -> Iterator[Until]:
        """Every clock and term that the declaration names."""
        yield from self.until
        yield from (s.until for s in self.sooner)
        if self.hold:
            yield self.hold


def delete(*until: Until, **rest) -> Retention:
    """The row goes when the first of these is over."""
    return Retention(Does.DELETE, until, **rest)


def blank(*until: Until, **rest) -> Retention:
    """The fields in `names` are emptied when the first of these is over; the row stays."""
    return Retention(Does.BLANK, until, **rest)


def keep(why: str, **rest) -> Retention:
    """Nothing goes: the table names nobody."""
    return Retention(Does.KEEP, why=why, **rest)


@dataclass(frozen=True)
class Term:
    """How long, in months, days, or whole school years after the one in which the clock stands."""

    key: str
    amount: int
    unit: str
    source: str

    def over_on(self, day: date) -> date:
        """The first day on which what started on `day` may go."""
        if self.unit == "days":
            return day + timedelta(days=self.amount)
        if self.unit == "school_years":
            _first, last = school_year_bounds(school_year(day) + self.amount)
            return last + timedelta(days=1)
        year, month = divmod(day.year * 12 + day.month - 1 + self.amount, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

    def last_over(self, today: date) -> date:
        """The last day on which what started may go today."""
        day = today - timedelta(days=self.amount * {"days": 1, "months": 28}.get(self.unit, 365))
        while self.over_on(day) > today:
            day -= timedelta(days=1)
        return day


def term_on(day: date, key: str) -> Term:
    """The term that holds on a day. Raises `LookupError` without one, `ValueError` for no term."""
    row = reference.value_on(day, KIND, key)
    match = re.fullmatch(r"(\d+) (months|days|school_years)", row.value)
    if match is None:
        raise ValueError(f"{KIND}.{key} is no term: {row.value!r}")
    return Term(key, int(match[1]), match[2], row.source)


def table_of_retention() -> Models:
    """Every model with its declaration, from the apps' `walls.py`.

    An app may declare tables of a package beside its own, as "label.Model".
    """
    table: Models = {}
    for config in apps.get_app_configs():
        try:
            module = import_module(f"{config.name}.walls")
        except ModuleNotFoundError as error:
            if error.name != f"{config.name}.walls":
                raise
            continue
        for name, retention in getattr(module, "RETENTION", {}).items():
            model = apps.get_model(name) if "." in name else config.get_model(name)
            table[model] = retention
    return table


class Ring(LookupError):
    """Tables that wait for each other, so that none can go first."""


def deletion_order(table: Models | None = None) -> list[type[models.Model]]:
    """All tables, each after every table whose rows refer to it.

    Raises `Ring` where tables refer to each other and no declaration loosens a key.
    """
    table = table_of_retention() if table is None else table
    waits_for: dict[type[models.Model], list[type[models.Model]]] = {m: [] for m in table}
    for model, retention in table.items():
        for key in holding_keys(model, retention):
            waits_for.setdefault(key.related_model, []).append(model)
        for name in retention.numbers_in:
            waits_for[model].append(apps.get_model(name.rpartition(".")[0]))
    try:
        return list(graphlib.TopologicalSorter(waits_for).static_order())
    except graphlib.CycleError as error:
        ring = " -> ".join(m._meta.label for m in error.args[1])
        raise Ring(f"these tables wait for each other, and no key is loosened: {ring}") from error


def holding_keys(model: type[models.Model], retention: Retention) -> list[models.ForeignKey]:
    """The foreign keys of a table that hold the row they point at: all that are not set to NULL."""
    return [
        f
        for f in model._meta.concrete_fields
        if isinstance(f, models.ForeignKey)
        and f.remote_field.on_delete is not models.SET_NULL
        and f.name not in retention.loosens
    ]
