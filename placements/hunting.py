"""How far a student is who has no place yet in a period: what is out, what came back, what is left.

The student's home, the tab "Stage" and what waits below it read the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from placements import queries
from placements.enums import OPEN_APPLICATIONS, UNANSWERED_DAYS, ApplicationState
from placements.models import Application, Placement, PlacementSettings
from placements.words import student_word
from stage.core.ui.tones import Word
from stage.schools.models import Period, Student

_REFUSED = (ApplicationState.DECLINED, ApplicationState.EXPIRED)


def answer_key(application: Application) -> str:
    """By what it is remembered that this answer was read; a next answer is news again."""
    return f"antwoord-{application.public_id}-{application.state}"


@dataclass(frozen=True)
class Waiting:
    """One application that is out; `before` is the last day on which an answer counts."""

    application: Application

    @property
    def company(self) -> str:
        return self.application.company.name

    @property
    def sent_on(self) -> date | None:
        at = self.application.submitted_at
        return timezone.localdate(at) if at else None

    @property
    def before(self) -> date | None:
        return self.sent_on + timedelta(days=UNANSWERED_DAYS) if self.sent_on else None


@dataclass
class Hunt:
    """One period in which the student has no placement yet."""

    period: Period
    most: int
    applications: list[Application] = field(default_factory=list)

    def _in(self, *states: str) -> list[Application]:
        return [a for a in self.applications if a.state in states]

    @property
    def drafts(self) -> list[Application]:
        return self._in(ApplicationState.DRAFT)

    @property
    def waiting(self) -> list[Waiting]:
        return [Waiting(a) for a in self._in(ApplicationState.WITH_COMPANY)]

    @property
    def chosen(self) -> Application | None:
        """What a company said yes to; without one, what rests for a yes that is gone."""
        return next(
            iter(self._in(ApplicationState.ACCEPTED) or self._in(ApplicationState.PARKED)), None
        )

    @property
    def chosen_word(self) -> Word | None:
        return student_word(self.chosen.state) if self.chosen else None

    @property
    def is_asking(self) -> bool:
        return bool(self.waiting) or self.chosen is not None

    @property
    def left(self) -> int:
        """How many more may be sent; none beside a yes."""
        out = len(self._in(*(s for s in OPEN_APPLICATIONS if s != ApplicationState.DRAFT)))
        return 0 if self.chosen else max(self.most - out, 0)

    @property
    def was_refused(self) -> bool:
        """Whether every company that was asked said no, or nothing."""
        return not self.is_asking and not self.drafts and bool(self._in(*_REFUSED))

    @property
    def has_any(self) -> bool:
        return bool(self._in(*OPEN_APPLICATIONS, *_REFUSED))


def hunts_of(actor, student: Student) -> list[Hunt]:
    """Per period that is not over and has no placement of this student, the first to come first."""
    periods = queries.open_periods(student, actor)
    if not periods:
        return []
    placed = set(Placement.objects.visible_to(actor).live().values_list("period_id", flat=True))
    most = PlacementSettings.objects.of(student.school_id).max_applications
    hunts = {p.pk: Hunt(p, most) for p in periods if p.pk not in placed}
    rows = Application.objects.visible_to(actor).filter(period__in=list(hunts))
    for row in rows.select_related("company").order_by("rank", "pk") if hunts else ():
        hunts[row.period_id].applications.append(row)
    return list(hunts.values())
