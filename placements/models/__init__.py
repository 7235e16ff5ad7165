"""Applications, placements and the exceptions a school allowed."""

from placements.models.applications import Application, ApplicationQuerySet
from placements.models.base import AboutPlacement
from placements.models.cards import StudentCard
from placements.models.overrides import RuleOverride
from placements.models.placements import Placement, PlacementQuerySet, PlannedDay

__all__ = [
    "AboutPlacement",
    "Application",
    "ApplicationQuerySet",
    "Placement",
    "PlacementQuerySet",
    "PlannedDay",
    "RuleOverride",
    "StudentCard",
]
