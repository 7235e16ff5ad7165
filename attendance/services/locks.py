"""One at a time per placement and week: students and companies share no row both may lock."""

from __future__ import annotations

from datetime import date

from django.db import connection


def hold_week(placement_id: int, day: date) -> None:
    """Wait for who else writes about this week, until the transaction ends."""
    year, week, _weekday = day.isocalendar()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s::int, %s::int)",
            [placement_id % 2**31, year * 100 + week],
        )
