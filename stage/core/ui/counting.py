"""Several counts in one trip to the database, for pages that show many of them."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet


def count_all(*querysets: QuerySet) -> list[int]:
    """How many rows each has, in the order given; each is narrowed by its own `visible_to`."""
    parts: list[str] = []
    values: list = []
    for rows in querysets:
        sql, params = rows.order_by().values("pk").query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - made by the ORM
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())
