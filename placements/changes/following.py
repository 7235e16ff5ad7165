"""Placements that do not follow their period as it reads now, and days of it that are called off.

Worked out from the difference, each time it is asked: what was skipped shows for as long as it is
so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from placements.changes import shown
from placements.changes.plan import Plan, plans_of
from placements.changes.wanted import Wanted
from placements.enums import OPEN_PLACEMENTS, ChangeKind, ChangeReason, PlacementState
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today
from stage.core.dutch.worktime import Finding
from stage.core.ui.dates import day_words, hours_words
from stage.schools import following
from stage.schools.models import Period

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SIGNED = (PlacementState.SIGNED, PlacementState.RUNNING)
NO_DAYS = gettext_lazy("Dan blijft er geen dag over. Kies bij deze stage: de stage gaat niet door.")


@dataclass(frozen=True)
class Line:
    """One placement on the page: what changes, and why it cannot, if so."""

    plan: Plan
    obstacle: str
    differences: tuple[str, ...]
    ticked: bool = True

    @property
    def placement(self) -> Placement:
        return self.plan.placement

    @property
    def rules(self) -> list[Finding]:
        """Rules of working time that ask for a reason, each once, on its first day."""
        return (
            [] if self.obstacle else list({f.rule: f for f in reversed(self.plan.found)}.values())
        )

    @property
    def is_signed(self) -> bool:
        return self.placement.state in SIGNED

    @property
    def touches_paper(self) -> bool:
        """Whether what was signed says otherwise: free school days it names itself."""
        return self.is_signed and says_otherwise(self.plan)


def says_otherwise(plan: Plan) -> bool:
    """Whether an agreement reads otherwise after it; days that are free of school it leaves out."""
    return bool(plan.values or plan.added or plan.retimed)


def as_the_period(**more) -> Wanted:
    """What it is to follow the period, from today on."""
    return Wanted(
        kind=ChangeKind.PERIOD, from_on=school_today(), reason=ChangeReason.SCHOOL_PLAN, **more
    )


def open_in(actor, period: Period):
    """Placements of this period in which something can still change, by name."""
    rows = Placement.objects.visible_to(actor).filter(period=period, state__in=OPEN_PLACEMENTS)
    related = rows.select_related("student", "company", "place", "period", "school")
    return related.order_by("student__sort_name", "pk")


def behind(actor, period: Period) -> list[Plan]:
    """What following the period would do, of each placement that does not yet."""
    return [p for p in plans_of(open_in(actor, period), as_the_period()) if not p.is_nothing]


def lines_of(plans: Iterable[Plan], ticked: Collection[str] | None = None) -> list[Line]:
    """Plans as the page lists them; one question for all.

    `ticked` are the codes that came back with the page. Of a new page all that meet every rule.
    """
    plans = list(plans)
    left: dict[int, int] = {}
    rows = PlannedDay.objects.filter(placement__in=[p.placement.pk for p in plans]).order_by("pk")
    for placement in rows.values_list("placement_id", flat=True):
        left[placement] = left.get(placement, 0) + 1
    return [
        Line(
            p,
            _obstacle(p, left.get(p.placement.pk, 0)),
            _differences(p),
            not p.found if ticked is None else p.placement.public_id in ticked,
        )
        for p in plans
    ]


def _obstacle(plan: Plan, days: int) -> str:
    """Why this one cannot be done along with the others."""
    if plan.clashes:
        clash = plan.clashes[0]
        words = {"day": day_words(clash.date), "company": clash.company.name}
        return _("Overlap: op %(day)s is deze leerling al bij %(company)s.") % words
    if plan.blocked_by:
        return plan.blocked_by[0].message_nl
    if plan.removed and days - len(plan.removed) + len(plan.added) <= 0:
        return str(NO_DAYS)
    return ""


def _differences(plan: Plan) -> tuple[str, ...]:
    found = []
    if plan.removed:
        days = [d.date for d in plan.removed]
        words = ngettext("%(n)s dag eraf: %(days)s", "%(n)s dagen eraf: %(days)s", len(days))
        found.append(words % {"n": len(days), "days": shown.days_words(days, 4)})
    if plan.added:
        days = [d.date for d in plan.added]
        words = ngettext("%(n)s dag erbij: %(days)s", "%(n)s dagen erbij: %(days)s", len(days))
        found.append(words % {"n": len(days), "days": shown.days_words(days, 4)})
    if plan.retimed:
        new = plan.retimed[0][1]
        words = ngettext(
            "%(n)s dag op andere tijden: %(hours)s",
            "%(n)s dagen op andere tijden: %(hours)s",
            len(plan.retimed),
        )
        hours = hours_words(new.day_from, new.day_to)
        found.append(words % {"n": len(plan.retimed), "hours": hours})
    found += [
        f"{side.label}: {side.old} → {side.new}"
        for side in shown.sides_of(
            plan.placement,
            shown.values_now(plan.placement, plan.values),
            {name: shown.plain(value) for name, value in plan.values.items()},
        )
        if not (plan.retimed and side.label == _("Tijden"))
    ]
    if plan.kept:
        words = _("Blijft staan, er is al iets gemeld: %(days)s")
        found.append(words % {"days": shown.days_words(list(plan.kept), 4)})
    return tuple(found)


@following.asks
def placements_behind(actor, period: Period) -> following.Behind | None:
    """For the coordinator: how many do not follow the period, and where that is mended."""
    if not actor.is_coordinator:
        return None
    count = len(behind(actor, period))
    return following.Behind(count, reverse("placements:period_follow", args=[period.public_id]))


def summary(lines: Iterable[Line]) -> StrOrPromise:
    """ "Dit raakt 24 stages: 20 getekend, 4 niet." """
    lines = list(lines)
    signed = sum(line.is_signed for line in lines)
    words = ngettext(
        "Dit raakt %(n)s stage: %(signed)s getekend, %(rest)s niet.",
        "Dit raakt %(n)s stages: %(signed)s getekend, %(rest)s niet.",
        len(lines),
    )
    return words % {"n": len(lines), "signed": signed, "rest": len(lines) - signed}
