"""How far students are on the way to a stage: one scale for board, strips and lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SIGNED, PLACED, ACCEPTED, APPLIED, NOTHING = "signed", "placed", "accepted", "applied", "nothing"
DONE = (PlacementState.SIGNED, PlacementState.RUNNING, PlacementState.FINISHED)


class Step(NamedTuple):
    """One step, what it is called in a sentence with a number, and its colour in a strip."""

    key: str
    label: StrOrPromise
    tone: str

    @property
    def badge(self) -> str:
        """The tone of a badge; only a strip has the half tone."""
        return "good" if self.tone == "half" else self.tone


# Furthest first: a student counts once, at the furthest step reached.
STEPS = (
    Step(SIGNED, _("getekend"), "good"),
    Step(PLACED, _("geplaatst"), "half"),
    Step(ACCEPTED, _("bedrijf zegt ja"), "info"),
    Step(APPLIED, _("gesolliciteerd"), "attention"),
    Step(NOTHING, _("nog niets"), "neutral"),
)
# Of a snuffelstage, which nobody signs.
READY_LABEL = _("staat klaar")
STEP_OF = {step.key: step for step in STEPS}


def steps_of(actor, periods: Iterable[int]) -> dict[tuple[int, int], str]:
    """The step of each student (period id, student id) who has begun; two queries."""
    periods = set(periods)
    found: dict[tuple[int, int], str] = {}
    applications = Application.objects.visible_to(actor).filter(period__in=periods).open()
    for period, student, state in applications.values_list("period_id", "student_id", "state"):
        accepted = state == ApplicationState.ACCEPTED
        if accepted or (period, student) not in found:
            found[period, student] = ACCEPTED if accepted else APPLIED
    placements = Placement.objects.visible_to(actor).filter(period__in=periods).live()
    for period, student, state in placements.values_list("period_id", "student_id", "state"):
        found[period, student] = SIGNED if state in DONE else PLACED
    return found
