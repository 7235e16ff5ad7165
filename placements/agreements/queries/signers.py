"""Whose signatures an agreement needs, who may give each, and which are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from companies import trust
from placements import unsigned
from placements.agreements.enums import TURNS, GuardiansNeeded, LateAnswer, Party, SigningOrder
from placements.agreements.models import (
    Agreement,
    AgreementSettings,
    LateGuardian,
    Signature,
)
from placements.models import Placement
from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.tenants import tenancy
from stage.schools.models import Guardian, Student


@dataclass(frozen=True)
class Signer:
    """A person who may sign; `kind` and `id` as mail knows people."""

    kind: str
    id: int
    name: str
    email: str = ""


@dataclass(frozen=True)
class Slot:
    """One signature that is needed: any one of `people` gives it."""

    key: str
    party: str
    school_id: int
    company_id: int
    people: tuple[Signer, ...]
    signature: Signature | None = None
    # Who signs first at a school that lets them sign in turn; empty: it is this one's turn.
    after: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether this signature can be given now."""
        return not self.done and not self.after

    @property
    def not_yet(self) -> str:
        """Who signs before this one, in a sentence."""
        names = [str(Party(party).label).lower() for party in self.after]
        return _("Eerst tekent: %(who)s.") % {"who": _(" en ").join(names)}

    @property
    def done(self) -> bool:
        return self.signature is not None

    @property
    def label(self) -> str:
        return str(Party(self.party).label)

    @property
    def names(self) -> str:
        """Who signed, else who may."""
        if self.signature:
            return self.signature.name
        return _(" of ").join(p.name for p in self.people) or _("nog niemand bekend")

    @property
    def nobody(self) -> str:
        """What to do when nobody is known who may sign."""
        return {
            Party.GUARDIAN: _("Er is geen ouder of verzorger bekend die mag tekenen."),
            Party.COMPANY: _("Het bedrijf heeft geen contactpersoon die mag tekenen."),
        }.get(Party(self.party), _("Er is niemand bekend die voor %(party)s tekent.")) % {
            "party": self.label.lower()
        }

    def signer_for(self, actor) -> Signer | None:
        """The person of this slot the actor is."""
        mine = {
            Party.STUDENT: (actor.student_id,) if actor.is_student else (),
            Party.GUARDIAN: (actor.id,) if actor.is_guardian else (),
            # As whom this school knows that person; another school's word is not its own.
            Party.COMPANY: actor.contacts_at(self) if actor.is_company else (),
            Party.SCHOOL: (actor.membership,) if actor.is_coordinator else (),
        }[Party(self.party)]
        return next((p for p in self.people if p.id in mine), None)


def slots_of(agreement: Agreement) -> list[Slot]:
    """The signatures of one agreement, for whoever may read it: who signs is no secret to them."""
    with tenancy.as_school_of(agreement):
        return slots_of_all([agreement])[agreement.pk]


def in_turn(rows, party: str):
    """Of agreements that wait for a signature of this party: those of which it is the turn."""
    if not TURNS[Party(party)]:
        return rows
    early: set[int] = set()
    for one in rows.order_by("school_id", "pk").distinct("school_id").defer("document"):
        with tenancy.as_school_of(one):
            if AgreementSettings.objects.of(one.school_id).signing_order == SigningOrder.IN_TURN:
                early |= _early(rows.filter(school_id=one.school_id).defer("document"), party)
    return rows.exclude(pk__in=early) if early else rows


def _early(rows, party: str) -> set[int]:
    slots = slots_of_all(rows)
    return {pk for pk, found in slots.items() if any(s.party == party and s.after for s in found)}


def slots_of_all(agreements: Iterable[Agreement]) -> dict[int, list[Slot]]:
    """The signatures of agreements of one school, in eight queries; in the school's scope."""
    rows = list(agreements)
    if not rows:
        return {}
    known = _Known(rows)
    return {row.pk: known.slots(row) for row in rows}


def _before(slot: Slot, slots: Iterable[Slot]) -> tuple[str, ...]:
    """Parties that sign before this slot and have not."""
    turn = TURNS[Party(slot.party)]
    found = (s.party for s in slots if not s.done and TURNS[Party(s.party)] < turn)
    return tuple(dict.fromkeys(found)) if not slot.done else ()


def _starts_of(rows: list[Agreement]) -> dict[int, date]:
    """First days by placement; read only where the rows do not bring their placement along."""
    known = {
        r.placement_id: r.placement.starts for r in rows if "placement" in r._state.fields_cache
    }
    missing = {row.placement_id for row in rows} - set(known)
    if missing:
        placements = Placement.objects.filter(pk__in=missing)
        known |= dict(placements.values_list("pk", "starts"))
    return known


class _Known:
    """Everybody who may sign any of these agreements, and the signatures there are."""

    def __init__(self, rows: list[Agreement]):
        school = rows[0].school_id
        students = {row.student_id for row in rows}
        companies = {row.company_id for row in rows}
        self.students = Student.objects.in_bulk(students)
        self.starts: dict[int, date] = _starts_of(rows)
        settings = AgreementSettings.objects.of(school)
        self.all_guardians = settings.guardians_needed == GuardiansNeeded.ALL
        self.in_turn = settings.signing_order == SigningOrder.IN_TURN
        self.coordinators = [
            Signer("membership", row.pk, row.name, row.email)
            for row in Membership.objects.active().filter(school_id=school, role=Role.COORDINATOR)
        ]
        self.guardians: dict[int, list[Guardian]] = defaultdict(list)
        for guardian in Guardian.objects.filter(student_id__in=students):
            self.guardians[guardian.student_id].append(guardian)
        # Who became known when the text was fixed already: what the coordinator said of it.
        told = LateGuardian.objects.filter(agreement__in=rows)
        self.late: dict[tuple[int, int], str] = {
            (agreement, guardian): answer
            for agreement, guardian, answer in told.values_list(
                "agreement_id", "guardian_id", "answer"
            )
        }
        self.contacts = trust.who_signs(school, companies)
        self.signatures: dict[int, list[Signature]] = defaultdict(list)
        for signature in Signature.objects.filter(agreement__in=rows):
            self.signatures[signature.agreement_id].append(signature)

    def slots(self, agreement: Agreement) -> list[Slot]:
        slots = self._everybody(agreement)
        if agreement.parties:  # an amendment is signed by those it concerns
            slots = [slot for slot in slots if slot.party in agreement.parties]
        if not self.in_turn:
            return slots
        return [replace(slot, after=_before(slot, slots)) for slot in slots]

    def _everybody(self, agreement: Agreement) -> list[Slot]:
        student = self.students[agreement.student_id]
        me = Signer("student", student.pk, student.full_name, student.email)
        slots = [self._slot(agreement, Party.STUDENT, [me])]
        if student.is_minor_on(self.starts[agreement.placement_id]):
            slots += self._guardian_slots(agreement)
        slots.append(self._slot(agreement, Party.COMPANY, self._company(agreement.company_id)))
        slots.append(self._slot(agreement, Party.SCHOOL, self.coordinators))
        return slots

    def _company(self, company_id: int) -> list[Signer]:
        rows = self.contacts.get(company_id, ())
        return [Signer("contact", r.pk, r.name, r.address) for r in rows]

    def _guardian_slots(self, agreement: Agreement) -> list[Slot]:
        usual, also = [], []
        for row in self._guardians(agreement):
            answer = self.late.get((agreement.pk, row.pk))
            if answer == LateAnswer.MUST or (answer == LateAnswer.MAY and self.all_guardians):
                also.append(row)
            elif answer in (None, LateAnswer.MAY):
                usual.append(row)
        if self.all_guardians and (usual or also):
            return [self._own_slot(agreement, row) for row in (*usual, *also)]
        people = [_signer(row) for row in usual]
        # A signature of somebody who has a slot of its own does not fill that of the others.
        but = {row.pk for row in also}
        return [
            self._slot(agreement, Party.GUARDIAN, people, but=but),
            *(self._own_slot(agreement, row) for row in also),
        ]

    def _guardians(self, agreement: Agreement) -> list[Guardian]:
        """Who may sign at home. Of a child under sixteen whoever has it in the house may too

        (Nadere regeling kinderarbeid 3:1).
        """
        starts = self.starts[agreement.placement_id]
        is_young = self.students[agreement.student_id].age_on(starts) < unsigned.AGE
        rows = self.guardians[agreement.student_id]
        return [row for row in rows if row.may_sign or (is_young and row.lives_here)]

    def _own_slot(self, agreement: Agreement, row: Guardian) -> Slot:
        key = f"guardian-{row.public_id}"
        return self._slot(agreement, Party.GUARDIAN, [_signer(row)], key=key)

    def _slot(
        self,
        agreement,
        party: Party,
        people: list[Signer],
        key: str = "",
        but: Collection[int] = (),
    ) -> Slot:
        given = [s for s in self.signatures[agreement.pk] if s.party == party]
        given = [s for s in given if s.person_id not in but]
        if key:  # a signature of this person, not of the other guardian
            given = [s for s in given if s.person_id == people[0].id]
        return Slot(
            key or party.value,
            party.value,
            agreement.school_id,
            agreement.company_id,
            tuple(people),
            given[0] if given else None,
        )


def _signer(row: Guardian) -> Signer:
    return Signer("guardian", row.pk, row.name, row.email)


@dataclass(frozen=True)
class Waiting:
    """Of an agreement that must be signed first: where it is, whose turn, whom it waits for."""

    agreement: Agreement | None
    is_mine: bool = False
    names: tuple[str, ...] = ()


def waiting_for(actor, placement: Placement) -> Waiting:
    """Who can still do something before everybody signed; `is_mine` when the reader can."""
    rows = Agreement.objects.visible_to(actor).filter(placement=placement)
    agreement = rows.whole().in_force().first()
    if agreement is None:
        return Waiting(None)
    if agreement.is_filling:
        parts = agreement.answers.filter(checked_at=None).order_by("pk")
        parties = [Party(p) for p in parts.values_list("party", flat=True)] or [Party.SCHOOL]
        mine = actor.is_student and Party.STUDENT in parties
        return Waiting(agreement, mine, tuple(str(p.label).lower() for p in parties))
    open_slots = [slot for slot in slots_of(agreement) if not slot.done]
    mine = any(slot.signer_for(actor) for slot in open_slots)
    labels = dict.fromkeys(slot.label.lower() for slot in open_slots)
    return Waiting(agreement, mine, tuple(labels))
