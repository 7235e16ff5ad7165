"""Dates and weeks in addresses; what is none is a page that does not exist."""

from datetime import date

from django.urls import register_converter

from attendance.days import parse_week, week_of
from stage.core.ui.filters import in_reach


class DayConverter:
    """2027-01-12, as a date of this century."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return in_reach(date.fromisoformat(value))

    def to_url(self, value) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)


class WeekConverter:
    """2027-W02, as text that is known to be a week."""

    regex = r"[0-9]{4}-W[0-9]{2}"

    def to_python(self, value: str) -> str:
        parse_week(value)
        return value

    def to_url(self, value) -> str:
        return week_of(value) if isinstance(value, date) else str(value)


register_converter(DayConverter, "day")
register_converter(WeekConverter, "isoweek")
