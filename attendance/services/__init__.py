"""Writes of attendance: scan, report absence, write, confirm, settle."""

from attendance.services.absence import (
    change_absence,
    close_absence,
    placement_for_absence,
    report_absence,
    take_back_absence,
)
from attendance.services.answers import answer_report
from attendance.services.calling import called, called_undone
from attendance.services.check_in import Arrival, ask_help, refuse, scan
from attendance.services.disputes import (
    Why,
    WhyNeeded,
    answer_dispute,
    settle_dispute,
    unsettle_dispute,
)
from attendance.services.going import (
    check_out,
    correct_check_out,
    end_pause,
    start_pause,
    undo_check_out,
)
from attendance.services.missed import decide_missed, propose_catch_up
from attendance.services.patterns import see_pattern, unsee_pattern
from attendance.services.phoned import note_phoned
from attendance.services.reports import write_report
from attendance.services.screens import make_screen, withdraw_screen
from attendance.services.settle import mark_seen, settle, undo_settle
from attendance.services.weeks import Word, change_until, confirm_weeks, tick_present
from attendance.services.withdrawing import (
    not_here,
    not_here_after_all,
    undo_check_in,
    withdraw_check_in,
)

__all__ = [
    "Arrival",
    "Why",
    "WhyNeeded",
    "Word",
    "answer_dispute",
    "answer_report",
    "ask_help",
    "called",
    "called_undone",
    "change_absence",
    "change_until",
    "check_out",
    "close_absence",
    "confirm_weeks",
    "correct_check_out",
    "decide_missed",
    "end_pause",
    "make_screen",
    "mark_seen",
    "not_here",
    "not_here_after_all",
    "note_phoned",
    "placement_for_absence",
    "propose_catch_up",
    "refuse",
    "report_absence",
    "scan",
    "see_pattern",
    "settle",
    "settle_dispute",
    "start_pause",
    "take_back_absence",
    "tick_present",
    "undo_check_in",
    "undo_check_out",
    "undo_settle",
    "unsee_pattern",
    "unsettle_dispute",
    "withdraw_check_in",
    "withdraw_screen",
    "write_report",
]
