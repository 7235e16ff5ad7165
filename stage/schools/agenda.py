"""The school's periods in the calendars of who works there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from stage.core.dutch.calendar import local_datetime, school_year, school_year_bounds
from stage.core.enums import STAFF
from stage.core.ui.agenda import MOST, Entry, source
from stage.schools.models import Period


@source(*STAFF)
def periods(actor, first: date, last: date) -> Iterator[Entry]:
    """The periods from the first day to the last: whole days that take nobody's time."""
    rows = Period.objects.visible_to(actor).filter(ends__gte=first, starts__lte=last)
    for row in rows.order_by("starts", "pk")[:MOST]:
        year, _end = school_year_bounds(school_year(row.starts))
        begun = local_datetime(year, time())
        yield Entry(
            # Other days are another entry: a row does not say when they were changed.
            key=f"period-{row.public_id}-{row.starts:%Y%m%d}-{row.ends:%Y%m%d}",
            title=row.name,
            starts=row.starts,
            ends=row.ends,
            changed_at=begun,
            made_at=begun,
        )
