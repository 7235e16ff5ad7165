"""What company people see of applicants and trainees: cards, never a student's own rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from companies import trust
from placements.enums import ApplicationState
from placements.models import Application, Placement, StudentCard
from placements.teachers import Guide, guides_of
from stage.core.dutch.calendar import school_today
from stage.schools.models import Period

# Others exist, but what became of them is not the company's business.
SHOWN = (
    ApplicationState.WITH_COMPANY,
    ApplicationState.PARKED,
    ApplicationState.ACCEPTED,
    ApplicationState.DECLINED,
    ApplicationState.EXPIRED,
)
_UNDECIDED = (ApplicationState.WITH_COMPANY, ApplicationState.PARKED)


@dataclass(frozen=True)
class Applicant:
    """An application with the card of who wrote it; `days` is how long it waits."""

    application: Application
    card: StudentCard
    period: Period
    days: int
    matched: bool

    @property
    def since(self) -> date | None:
        sent = self.application.submitted_at
        return sent.date() if sent else None


@dataclass(frozen=True)
class Trainee:
    """A placement with the card of the student, and whom to call at school today."""

    placement: Placement
    card: StudentCard | None
    guide: Guide | None


@dataclass(frozen=True)
class Inbox:
    """Everything of a person's companies: what waits, what rests and what was decided."""

    waiting: list[Applicant]
    resting: list[Applicant]  # parked: nothing to do, and it may come back
    decided: list[Applicant]


def inbox_of(actor) -> Inbox:
    """Applications at the actor's companies, of all schools, the longest waiting first."""
    rows = (
        Application.objects.visible_to(actor)
        .select_related("company", "place", "school")
        .order_by("submitted_at", "pk")
    )
    found = applicants(rows, actor)
    today = school_today()
    current = [a for a in found if a.period.ends >= today]
    return Inbox(
        waiting=[a for a in current if a.application.state == ApplicationState.WITH_COMPANY],
        resting=[a for a in current if a.application.state == ApplicationState.PARKED],
        decided=[a for a in current if a.application.state not in _UNDECIDED],
    )


def applicants(rows: Iterable[Application], actor) -> list[Applicant]:
    """Those applications a card still stands for; a revoked card takes them off the page."""
    rows = list(rows)
    cards = _cards(actor, {a.student_id for a in rows})
    # By id: the periods of a company are what its invitations, places and placements name.
    periods = Period.objects.in_bulk({a.period_id for a in rows})
    matched = set(Placement.objects.visible_to(actor).live().values_list("student_id", "place_id"))
    today = school_today()
    found = []
    for row in rows:
        card = cards.get((row.student_id, row.company_id))
        period = periods.get(row.period_id)
        if card is None or period is None or row.state not in SHOWN:
            continue
        days = (today - row.submitted_at.date()).days if row.submitted_at else 0
        pair = (row.student_id, row.place_id)
        found.append(Applicant(row, card, period, max(days, 0), pair in matched))
    return found


def trainees_of(actor) -> list[Trainee]:
    """Who comes and who is there, of all schools, by first day; for who guides them."""
    rows = list(
        Placement.objects.visible_to(actor)
        .filter(trust.guided(actor))
        .placed()
        .filter(ends__gte=school_today())
        .select_related(
            "company", "school", "period", "teacher", "supervisor", "stand_in", "location"
        )
        .order_by("starts", "pk")
    )
    cards = _cards(actor, {p.student_id for p in rows})
    guides = guides_of(rows)
    return [Trainee(p, cards.get((p.student_id, p.company_id)), guides.get(p.pk)) for p in rows]


def _cards(actor, student_ids: set[int]) -> dict[tuple[int, int], StudentCard]:
    rows = StudentCard.objects.visible_to(actor).filter(
        student_id__in=student_ids, revoked_at__isnull=True
    )
    return {(c.student_id, c.company_id): c for c in rows}
