"""Writes: applying, deciding, matching, and what follows from them."""

from placements.services.accepted import match_accepted, undo_matches
from placements.services.applications import (
    move_application,
    save_draft,
    submit_application,
    withdraw_application,
)
from placements.services.changing import (
    ask_change,
    change_placement,
    possible_kinds,
    refuse_change,
    withdraw_change,
)
from placements.services.decisions import (
    accept_application,
    decline_application,
    expire_applications,
    note_no,
    note_yes,
    unanswered_too_long,
)
from placements.services.matching import match, unmatch
from placements.services.one import Asking, ask_company
from placements.services.own import Words, approve_own, name_company, refuse_own, withdraw_own
from placements.services.periods import Outcome, change_many, undo_many, undoable
from placements.services.placements import (
    advance_placements,
    assign,
    send_briefs,
    start_unsigned,
    to_advance,
)
from placements.services.questions import answer_question, ask_question
from placements.services.rest import bring_back_stranded
from placements.services.taking_up import take_up_application
from placements.services.telling import mailed_by
from placements.services.undoing import undo_change

__all__ = [
    "Asking",
    "Outcome",
    "Words",
    "accept_application",
    "advance_placements",
    "answer_question",
    "approve_own",
    "ask_change",
    "ask_company",
    "ask_question",
    "assign",
    "bring_back_stranded",
    "change_many",
    "change_placement",
    "decline_application",
    "expire_applications",
    "mailed_by",
    "match",
    "match_accepted",
    "move_application",
    "name_company",
    "note_no",
    "note_yes",
    "possible_kinds",
    "refuse_change",
    "refuse_own",
    "save_draft",
    "send_briefs",
    "start_unsigned",
    "submit_application",
    "take_up_application",
    "to_advance",
    "unanswered_too_long",
    "undo_change",
    "undo_many",
    "undo_matches",
    "undoable",
    "unmatch",
    "withdraw_application",
    "withdraw_change",
    "withdraw_own",
]
