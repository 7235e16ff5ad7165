"""Applications, placements and the exceptions a school allowed."""

from placements.models.applications import Application, ApplicationQuerySet
from placements.models.base import AboutPlacement
from placements.models.overrides import RuleOverride
from placements.models.placements import Placement, PlacementQuerySet, PlannedDay, is_own_teacher

__all__ = [
    "AboutPlacement",
    "Application",
    "ApplicationQuerySet",
    "Placement",
    "PlacementQuerySet",
    "PlannedDay",
    "RuleOverride",
    "is_own_teacher",
]
