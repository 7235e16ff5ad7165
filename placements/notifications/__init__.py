"""Mails about applications, questions, placements and what changes in them."""

from placements.notifications import (
    applications,
    changes,
    own,
    periods,
    placements,
    questions,
    stand_ins,
)

__all__ = ["applications", "changes", "own", "periods", "placements", "questions", "stand_ins"]
