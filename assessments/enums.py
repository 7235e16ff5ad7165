"""Choices of assignments and assessments."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from placements.enums import PlacementState

# Placements there is, or will be, something to say about.
ASSESSABLE = (
    PlacementState.SIGNED,
    PlacementState.RUNNING,
    PlacementState.FINISHED,
    PlacementState.STOPPED,
)


class FileKind(TextChoices):
    """What assessments keep as a file."""

    EVIDENCE = "evidence", _("Bewijs")


class HandInState(TextChoices):
    OPEN = "open", _("Nog doen")
    HANDED_IN = "handed_in", _("Ingeleverd")
    RETURNED = "returned", _("Opnieuw doen")
    DONE = "done", _("Klaar")


class AssessmentState(TextChoices):
    DRAFT = "draft", _("Concept")
    GIVEN = "given", _("Ingevuld")


class Outcome(TextChoices):
    """Whether there is anything to assess: first question of the form."""

    NORMAL = "normal", _("De stage is gelopen")
    NO_SHOW = "no_show", _("De leerling is niet gekomen")
    STOPPED = "stopped", _("De stage is eerder gestopt")


class Points(IntegerChoices):
    """The four points of a work attitude."""

    INSUFFICIENT = 1, _("onvoldoende")
    WEAK = 2, _("kan beter")
    SUFFICIENT = 3, _("voldoende")
    GOOD = 4, _("goed")


TONES = {
    HandInState.OPEN: "neutral",
    HandInState.HANDED_IN: "info",
    HandInState.RETURNED: "attention",
    HandInState.DONE: "good",
}
