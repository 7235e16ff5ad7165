"""The coordinator's list of agreements, and the placements that have none yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from placements.agreements.enums import AgreementState, Party
from placements.agreements.models import Agreement, AgreementAnswer
from placements.agreements.queries import signers
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.dutch.names import search_key
from stage.schools.models import GroupStudent

STATES = {
    "": _("Alle"),
    "filling": _("Wordt ingevuld"),
    "school": _("Deel van de school"),
    "ready": _("Klaar om vast te stellen"),
    "signing": _("Wordt getekend"),
    "mine": _("Wacht op de school"),
    "complete": _("Getekend"),
}
SORTS = {
    "student": "student__sort_name",
    "company": "company__sort_name",
    "starts": "placement__starts",
}

# A placement in one of these states can get an agreement.
STARTABLE = (PlacementState.CONCEPT, PlacementState.SIGNED, PlacementState.RUNNING)


@dataclass(frozen=True)
class Line:
    """One agreement in the list, with what it waits for."""

    agreement: Agreement
    parts: list[AgreementAnswer]
    slots: list[signers.Slot]

    @property
    def waits_for(self) -> list[str]:
        """Who must still do something, as words."""
        if self.agreement.state == AgreementState.FILLING:
            return [Party(p.party).label for p in self.parts if p.checked_at is None]
        if self.agreement.state == AgreementState.SIGNING:
            return [slot.label for slot in self.slots if not slot.done]
        return []

    @property
    def is_ready(self) -> bool:
        return self.agreement.state == AgreementState.FILLING and not self.waits_for

    @property
    def tone(self) -> str:
        if self.agreement.state == AgreementState.COMPLETE:
            return "good"
        return "attention" if self.is_ready else "info"

    @property
    def state_words(self) -> str:
        return str(STATES["ready"]) if self.is_ready else self.agreement.get_state_display()


def without_agreement(actor):
    """Placements of the coordinator's school that have no agreement and should get one."""
    in_force = Agreement.objects.exclude(state=AgreementState.SUPERSEDED)
    rows = Placement.objects.visible_to(actor).filter(state__in=STARTABLE)
    return rows.exclude(pk__in=in_force.values("placement_id"))


def in_force(actor):
    """Agreements of the coordinator's school that are not superseded."""
    rows = Agreement.objects.visible_to(actor).exclude(state=AgreementState.SUPERSEDED)
    return rows.select_related("student", "company", "placement")


def filtered(rows, *, state: str = "", group: str = "", school_class: str = "", text: str = ""):
    """Narrowed to a state, a group's public id, a class, and a name of student or company."""
    rows = _by_state(rows, state)
    if group:
        members = GroupStudent.objects.filter(group__public_id=group)
        rows = rows.filter(student_id__in=members.values("student_id"))
    if school_class:
        rows = rows.filter(student__school_class=school_class)
    key = search_key(text)
    if key:
        rows = rows.filter(student__search_name__contains=key) | rows.filter(
            company__search_name__contains=key
        )
    return rows


def _unchecked(party: str = "") -> Exists:
    rows = AgreementAnswer.objects.filter(agreement=OuterRef("pk"), checked_at__isnull=True)
    return Exists(rows.filter(party=party) if party else rows)


def _by_state(rows, state: str):
    if state == "filling":
        return rows.filter(_unchecked(), state=AgreementState.FILLING)
    if state == "school":
        return rows.filter(_unchecked(Party.SCHOOL), state=AgreementState.FILLING)
    if state == "ready":
        return rows.filter(~_unchecked(), state=AgreementState.FILLING)
    if state == "mine":
        return rows.filter(state=AgreementState.SIGNING).exclude(signatures__party=Party.SCHOOL)
    return rows.filter(state=state) if state in ("signing", "complete") else rows


def lines(agreements: list[Agreement]) -> list[Line]:
    """The lines of one page, in a fixed number of queries."""
    slots = signers.slots_of_all(agreements)
    answers: dict[int, list[AgreementAnswer]] = {row.pk: [] for row in agreements}
    for answer in AgreementAnswer.objects.filter(agreement__in=agreements):
        answers[answer.agreement_id].append(answer)
    return [Line(row, answers[row.pk], slots[row.pk]) for row in agreements]
