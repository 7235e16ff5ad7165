"""Writes of attendance: scan, report absence, write, confirm, settle."""

from attendance.services.absence import (
    close_absence,
    placement_for_absence,
    report_absence,
    take_back_absence,
)
from attendance.services.answers import answer_report
from attendance.services.calling import called, called_undone
from attendance.services.check_in import Arrival, scan
from attendance.services.missed import decide_missed, propose_catch_up
from attendance.services.reports import write_report
from attendance.services.settle import mark_seen, settle, undo_settle
from attendance.services.weeks import Word, change_until, confirm_weeks, tick_present
from attendance.services.withdrawing import not_here, undo_check_in, withdraw_check_in

__all__ = [
    "Arrival",
    "Word",
    "answer_report",
    "called",
    "called_undone",
    "change_until",
    "close_absence",
    "confirm_weeks",
    "decide_missed",
    "mark_seen",
    "not_here",
    "placement_for_absence",
    "propose_catch_up",
    "report_absence",
    "scan",
    "settle",
    "take_back_absence",
    "tick_present",
    "undo_check_in",
    "undo_settle",
    "withdraw_check_in",
    "write_report",
]
