"""Several counts or short lists in one trip to the database, for pages that show many of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet, Value

from stage.core.dutch.calendar import AMSTERDAM


def count_all(*querysets: QuerySet) -> list[int]:
    """How many rows each has, in the order given; each is narrowed by its own `visible_to`."""
    parts: list[str] = []
    values: list = []
    for rows in querysets:
        try:
            sql, params = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - made by the ORM
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())


def totals(rows: QuerySet, **aggregates: Any) -> QuerySet:
    """Aggregates over all rows as a queryset of one row, or none, for `read_all`; `n` counts."""
    whole = rows.model.objects.filter(pk__in=rows.order_by().values("pk")).order_by()
    whole = whole.annotate(all_of_them=Value(1)).values("all_of_them")
    counted = whole.annotate(n=Count("pk"), **aggregates).filter(n__gt=0)
    return counted.values("n", *aggregates)


def read_all(*querysets: QuerySet) -> list[list[dict[str, Any]]]:
    """The rows of several `values()` querysets in one trip; a date comes as text (2027-01-31)."""
    parts: list[str] = []
    values: list = []
    for rows in querysets:
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:
            parts.append("'[]'::json")
            continue
        parts.append(f"(SELECT coalesce(json_agg(one), '[]') FROM ({sql}) AS one)")  # noqa: S608
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())


def day_of(moment: str | None) -> date | None:
    """The day on the Dutch clock of a moment as `read_all` gives it."""
    return datetime.fromisoformat(moment).astimezone(AMSTERDAM).date() if moment else None
