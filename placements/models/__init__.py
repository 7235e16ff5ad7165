"""Applications, placements and their changes, the exceptions a school allowed and its settings."""

from placements.models.applications import Application, ApplicationQuerySet
from placements.models.base import AboutPlacement
from placements.models.cards import StudentCard
from placements.models.changes import PlacementChange
from placements.models.overrides import RuleOverride
from placements.models.own import OwnCompany
from placements.models.placements import Placement, PlacementQuerySet, PlannedDay
from placements.models.questions import ApplicationQuestion
from placements.models.settings import PlacementSettings

__all__ = [
    "AboutPlacement",
    "Application",
    "ApplicationQuerySet",
    "ApplicationQuestion",
    "OwnCompany",
    "Placement",
    "PlacementChange",
    "PlacementQuerySet",
    "PlacementSettings",
    "PlannedDay",
    "RuleOverride",
    "StudentCard",
]
