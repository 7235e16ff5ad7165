"""The tables of days at work."""

from attendance.models.days import (
    MAX_MINUTES,
    Absence,
    CheckIn,
    ConfirmedDay,
    FailedScan,
    WeekConfirmation,
)
from attendance.models.reports import Called, DayReport, ReportAnswer
from attendance.models.screens import Screen
from attendance.models.settings import AttendanceSettings
from attendance.models.watch import AGREES, Alarm, DisputedDay, PatternSeen

__all__ = [
    "AGREES",
    "MAX_MINUTES",
    "Absence",
    "Alarm",
    "AttendanceSettings",
    "Called",
    "CheckIn",
    "ConfirmedDay",
    "DayReport",
    "DisputedDay",
    "FailedScan",
    "PatternSeen",
    "ReportAnswer",
    "Screen",
    "WeekConfirmation",
]
