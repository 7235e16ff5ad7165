"""Dates and times as people say them: "ma 12 januari", "ma 12 januari, 08:15"."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stage.core.enums import Weekday


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day_words(value: date | datetime | None, today: date | None = None) -> str:
    """Give "ma 12 januari" in the active language, with the year when it is not this year's.

    Aware datetimes are read in the current time zone. None gives "".
    """
    if value is None:
        return ""
    local = _local(value)
    this_year = (today or timezone.localdate()).year
    return date_format(local, "D j F" if local.year == this_year else "D j F Y")


def day_time_words(value: datetime | None, today: date | None = None) -> str:
    """Give "ma 12 januari, 08:15" in the current time zone. None gives ""."""
    if value is None:
        return ""
    return f"{day_words(value, today)}, {_local(value):%H:%M}"


def month_words(value: date) -> str:
    """Give "maart 2027": a month that somebody promised or named."""
    return date_format(value, "F Y")


def period_words(start: date, end: date, today: date | None = None) -> str:
    """Give "ma 12 januari t/m vr 23 januari"; one day when both are the same."""
    if start == end:
        return day_words(start, today)
    words = {"start": day_words(start, today), "end": day_words(end, today)}
    return _("%(start)s t/m %(end)s") % words


def hours_words(begin: time, end: time) -> str:
    """Give "08:30 – 15:30"."""
    return f"{begin:%H:%M} – {end:%H:%M}"


def weekday_names(numbers: Iterable[int]) -> str:
    """ISO weekdays as "maandag, dinsdag"."""
    return ", ".join(str(Weekday(n).label) for n in sorted(set(numbers)))
