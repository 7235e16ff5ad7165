"""Writes: starting, filling, fixing and signing agreements, and the school's own text."""

from placements.agreements.services.filling import fill
from placements.agreements.services.freezing import freeze
from placements.agreements.services.papers import sign_on_paper
from placements.agreements.services.signing import sign
from placements.agreements.services.starting import object_to, revise, start_agreements
from placements.agreements.services.texts import (
    add_article,
    change_article,
    move_article,
    remove_article,
    reset_articles,
)

__all__ = [
    "add_article",
    "change_article",
    "fill",
    "freeze",
    "move_article",
    "object_to",
    "remove_article",
    "reset_articles",
    "revise",
    "sign",
    "sign_on_paper",
    "start_agreements",
]
