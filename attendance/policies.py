"""Who may report, tick, confirm and read."""

from __future__ import annotations

from companies import trust
from stage.core.who.policies import Answer, any_of, own_guardian, own_student
from stage.schools import guidance


def check_in(actor, placement) -> Answer:
    return own_student(actor, placement)


def write_report(actor, placement) -> Answer:
    return own_student(actor, placement)


def settle(actor, placement) -> Answer:
    """Who guides the student from school, as mentor or as teacher, and the coordinator."""
    return guidance.guides(actor, placement)


report_absence = any_of(own_student, own_guardian, trust.guides, guidance.guides)


def confirm_week(actor, placement) -> Answer:
    """The company's own supervisor."""
    return trust.guides(actor, placement)


corrects_day = any_of(trust.guides, guidance.guides)
