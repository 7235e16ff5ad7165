"""Applications, placements and the agreements about them."""

from placements.models.agreements import (
    Agreement,
    AgreementAnswer,
    AgreementArticle,
    ArticleTemplate,
    RuleOverride,
    Signature,
)
from placements.models.applications import Application, ApplicationQuerySet
from placements.models.base import AboutPlacement
from placements.models.cards import StudentCard
from placements.models.placements import Placement, PlacementQuerySet, PlannedDay

__all__ = [
    "AboutPlacement",
    "Agreement",
    "AgreementAnswer",
    "AgreementArticle",
    "Application",
    "ApplicationQuerySet",
    "ArticleTemplate",
    "Placement",
    "PlacementQuerySet",
    "PlannedDay",
    "RuleOverride",
    "Signature",
    "StudentCard",
]
