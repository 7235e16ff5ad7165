"""Hours as people type them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from attendance.models import MAX_MINUTES

MAX_HOURS = MAX_MINUTES // 60


def typed_minutes(hours: str, *, least: int = 1) -> int:
    """Minutes of "6,5" or "6.5" hours, `least` minutes at least.

    Raises ValueError for anything that is no such number.
    """
    try:
        value = Decimal(hours.strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError(hours) from None
    if not value.is_finite() or not 0 <= value <= MAX_HOURS or value * 60 < least:
        raise ValueError(hours)
    return int(value * 60)
