"""Reads of attendance, by who looks."""

from attendance.queries.arrival import today_of_arrival
from attendance.queries.folder import (
    WeekState,
    days_of,
    open_weeks,
    photos_allowed,
    total_minutes,
)
from attendance.queries.staff import staff_day, today_of_staff
from attendance.queries.student import StudentToday, days_without_report, today_of_student

__all__ = [
    "StudentToday",
    "WeekState",
    "days_of",
    "days_without_report",
    "open_weeks",
    "photos_allowed",
    "staff_day",
    "today_of_arrival",
    "today_of_staff",
    "today_of_student",
    "total_minutes",
]
