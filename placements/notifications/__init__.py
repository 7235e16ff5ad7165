"""Mails about applications, questions and placements."""

from placements.notifications import applications, own, placements, questions

__all__ = ["applications", "own", "placements", "questions"]
