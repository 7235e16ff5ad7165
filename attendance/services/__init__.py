"""Writes of attendance: scan, report absence, write, confirm, settle."""

from attendance.services.absence import (
    close_absence,
    placement_for_absence,
    report_absence,
    take_back_absence,
)
from attendance.services.check_in import Arrival, scan
from attendance.services.missed import decide_missed, propose_catch_up
from attendance.services.reports import write_report
from attendance.services.settle import mark_seen, settle, undo_settle
from attendance.services.weeks import Word, change_until, confirm_weeks, tick_present

__all__ = [
    "Arrival",
    "Word",
    "change_until",
    "close_absence",
    "confirm_weeks",
    "decide_missed",
    "mark_seen",
    "placement_for_absence",
    "propose_catch_up",
    "report_absence",
    "scan",
    "settle",
    "take_back_absence",
    "tick_present",
    "undo_settle",
    "write_report",
]
