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
from stage.core.ui.filters import Choice, ListFilters, Sort, Text
from stage.schools.enums import PeriodKind
from stage.schools.filters import group, school_class
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
    "student": ("student__sort_name", "pk"),
    "company": ("company__sort_name", "pk"),
    "starts": ("placement__starts", "pk"),
}

# A placement in one of these states can get an agreement.
STARTABLE = (PlacementState.CONCEPT, PlacementState.SIGNED, PlacementState.RUNNING)


class StartFilters(ListFilters):
    """Placements without an agreement: of a group or class, or by name."""

    groep = group()
    klas = school_class()
    q = Text()

    def narrow(self, rows):
        """Rows with a student: those of the group and class whose name has the words."""
        chosen = self.chosen
        if chosen["groep"]:
            members = GroupStudent.objects.filter(group=chosen["groep"])
            rows = rows.filter(student_id__in=members.values("student_id"))
        if chosen["klas"]:
            rows = rows.filter(student__school_class=chosen["klas"])
        key = search_key(chosen["q"])
        return self.by_name(rows, key) if key else rows

    def by_name(self, rows, key: str):
        return rows.filter(student__search_name__contains=key)


class AgreementFilters(StartFilters):
    """Agreements, also by state, and by the company's name."""

    staat = Choice(choices=[(k, v) for k, v in STATES.items() if k], what=_("de status"))
    sort = Sort(SORTS, default="student")

    def narrow(self, rows):
        return super().narrow(_by_state(rows, self.chosen["staat"]))

    def by_name(self, rows, key: str):
        return super().by_name(rows, key) | rows.filter(company__search_name__contains=key)


@dataclass(frozen=True)
class AgreementLine:
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
    rows = rows.exclude(period__kind=PeriodKind.TASTER)
    return rows.exclude(pk__in=in_force.values("placement_id"))


def in_force(actor):
    """Agreements of the coordinator's school that are not superseded."""
    rows = Agreement.objects.visible_to(actor).exclude(state=AgreementState.SUPERSEDED)
    return rows.select_related("student", "company", "placement")


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
        mine = rows.filter(state=AgreementState.SIGNING).exclude(signatures__party=Party.SCHOOL)
        return signers.in_turn(mine, Party.SCHOOL)
    return rows.filter(state=state) if state in ("signing", "complete") else rows


def lines(agreements: list[Agreement]) -> list[AgreementLine]:
    """The lines of one page, in a fixed number of queries."""
    slots = signers.slots_of_all(agreements)
    answers: dict[int, list[AgreementAnswer]] = {row.pk: [] for row in agreements}
    for answer in AgreementAnswer.objects.filter(agreement__in=agreements):
        answers[answer.agreement_id].append(answer)
    return [AgreementLine(row, answers[row.pk], slots[row.pk]) for row in agreements]
