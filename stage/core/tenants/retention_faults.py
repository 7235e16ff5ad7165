"""What is wrong with a declared `Retention`, in words; `stage.core.checks` refuses to start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from stage.core.tenants.retention import (
    Does,
    Event,
    Models,
    Retention,
    Ring,
    deletion_order,
    term_on,
)

# Kinds of fields in which a person can stand. Choices are words of ours.
OF_WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
)
# A number that is no foreign key is the number of a row somewhere, often a person's.
NUMBERS = (models.BigIntegerField,)


def faults_of(
    model: type[models.Model], retention: Retention, day: date
) -> Iterator[tuple[str, str]]:
    """Each fault as a field's name (or "") and what is wrong with it, by the terms of a day."""
    yield from _undeclared(model, retention)
    yield from _misnamed(model, retention)
    yield from _without_end(retention)
    for moment in retention.moments:
        if why := _wrong_clock(model, moment.clock):
            yield str(moment.clock), why
        try:
            term_on(day, moment.term)
        except (LookupError, ValueError) as error:
            yield "", str(error)
    yield from _cannot_be_emptied(model, retention)


def faults_of_order(table: Models) -> Iterator[str]:
    """Why the tables have no order in which to go."""
    try:
        deletion_order(table)
    except Ring as error:
        yield str(error)


def can_name_people(field: models.Field) -> bool:
    """Whether this kind of field can hold something about a person."""
    if isinstance(field, ArrayField):
        return can_name_people(field.base_field)
    if isinstance(field, models.AutoField) or field.is_relation or field.choices:
        return False
    if isinstance(field, models.DateField):
        return "birth" in field.name
    return isinstance(field, (*OF_WORDS, *NUMBERS))


def _undeclared(model, retention) -> Iterator[tuple[str, str]]:
    names = {name.partition(".")[0] for name in retention.names}
    for f in model._meta.concrete_fields:
        if f.name in names and f.name in retention.plain:
            yield f.name, "stands in names and in plain"
        elif can_name_people(f) and f.name not in names and f.name not in retention.plain:
            yield f.name, "stands neither in names nor in plain"
        if isinstance(f, models.FileField) and f.name not in retention.files:
            yield f.name, "is a file whose bytes would stay: name it in files"


def _misnamed(model, retention) -> Iterator[tuple[str, str]]:
    fields = {f.name: f for f in model._meta.concrete_fields}
    named = [*retention.names, *retention.plain, *retention.put, *retention.loosens]
    for name in (*named, *(name for s in retention.sooner for name in s.fields)):
        first, dot, _keys = name.partition(".")
        if first not in fields:
            yield name, "is no field of this table"
        elif dot and not isinstance(fields[first], models.JSONField):
            yield name, "names a key inside a field that is no JSON"
    for name in retention.files:
        if name not in retention.names:
            yield name, "is a file and stands in names"
    for name in retention.loosens:
        if name in fields and not (fields[name].is_relation and fields[name].null):
            yield name, "is no key that can be NULL, so it cannot be loosened"
    for name in retention.numbers_in:
        label, _dot, column = name.rpartition(".")
        try:
            apps.get_model(label)._meta.get_field(column)
        except (LookupError, ValueError, FieldDoesNotExist):
            yield name, "is no column of a table"


def _without_end(retention) -> Iterator[tuple[str, str]]:
    if retention.does is not Does.KEEP:
        if not retention.until:
            yield "", "has no clock"
        return
    if not retention.why:
        yield "", "is kept without a reason"
    if retention.names:
        yield retention.names[0], "names people and is kept for ever"
    if retention.until or retention.hold:
        yield "", "is kept, and has a clock that changes nothing"


def _wrong_clock(model, clock) -> str:
    """Why a clock cannot be read, or nothing."""
    if isinstance(clock, Event):
        return ""
    *keys, last = clock.split("__")
    try:
        for key in keys:
            field = model._meta.get_field(key)
            if not isinstance(field, models.ForeignKey):
                return f"is no clock: {key} is no foreign key of {model._meta.label}"
            model = field.related_model
        field = model._meta.get_field(last)
    except FieldDoesNotExist as error:
        return f"is no clock: {error}"
    return "" if isinstance(field, models.DateField) else "is no clock: neither a date nor a time"


def _cannot_be_emptied(model, retention) -> Iterator[tuple[str, str]]:
    emptied = [name for s in retention.sooner for name in s.fields]
    if retention.does is Does.BLANK:
        emptied += retention.names
    fields = {f.name: f for f in model._meta.concrete_fields}
    for name in emptied:
        f = fields.get(name.partition(".")[0])
        if f is not None and name not in retention.put and not _may_be_empty(f):
            yield name, "cannot be emptied: say in put what takes its place"


def _may_be_empty(field: models.Field) -> bool:
    """Whether any number of rows may hold NULL here, or else the empty word, list or object."""
    if field.null:
        return True
    if field.unique:
        return False
    if isinstance(field, models.JSONField | ArrayField):
        return True
    return field.blank and field.empty_strings_allowed
