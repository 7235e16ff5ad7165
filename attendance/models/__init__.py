"""The tables of days at work."""

from attendance.models.days import (
    MAX_MINUTES,
    Absence,
    AttendanceSettings,
    CheckIn,
    ConfirmedDay,
    FailedScan,
    WeekConfirmation,
)
from attendance.models.reports import Called, DayReport, ReportAnswer

__all__ = [
    "MAX_MINUTES",
    "Absence",
    "AttendanceSettings",
    "Called",
    "CheckIn",
    "ConfirmedDay",
    "DayReport",
    "FailedScan",
    "ReportAnswer",
    "WeekConfirmation",
]
