"""Mails about applications, questions and placements."""

from placements.notifications import applications, placements, questions

__all__ = ["applications", "placements", "questions"]
