"""What happens to a placement after the match: people attached, the brief, the dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from companies.enums import ContactRole, TrustSource
from companies.models import Contact
from companies.services.trust import vouch
from placements import mails, unsigned
from placements.enums import PlacementState
from placements.models import Placement, PlacementQuerySet, RuleOverride
from placements.policies import coordinator_of
from placements.services.checks import check_supervisor, check_teacher, line_of
from placements.services.guiding import write_guides
from placements.workflow import PLACEMENTS
from stage.core.dutch.calendar import school_today
from stage.core.models import Membership
from stage.core.record import audit, workflow
from stage.core.who.policies import Conflict, require


@transaction.atomic
def assign(
    placement: Placement,
    *,
    teacher: Membership | None,
    supervisor: Contact | None,
    actor,
) -> bool:
    """Attach the people who guide; returns whether anything changed.

    Raises Conflict for somebody who does not work there.
    """
    require(coordinator_of, actor, placement)
    supervisor = line_of(supervisor, placement.company_id, actor=actor)
    wanted = {
        "teacher_id": teacher.pk if teacher else None,
        "supervisor_id": supervisor.pk if supervisor else None,
    }
    changed = [name for name, value in wanted.items() if getattr(placement, name) != value]
    if not changed:
        return False
    # Only who is new is checked: somebody who left may stand until a successor is chosen.
    if "teacher_id" in changed:
        check_teacher(placement, teacher)
    if "supervisor_id" in changed:
        check_supervisor(placement, supervisor)
    placement.teacher, placement.supervisor = teacher, supervisor
    placement.save(update_fields=["teacher", "supervisor"])
    write_guides([placement])
    if supervisor is not None and "supervisor_id" in changed:
        # Who puts somebody on a placement, with name and address in sight, says who that is.
        vouch(supervisor, [ContactRole.SUPERVISOR], source=TrustSource.TICKED, actor=actor)
    audit.record(
        actor, "placement_assigned", placement, fields=[n.removesuffix("_id") for n in changed]
    )
    return True


@transaction.atomic
def replace_for_a_while(
    placement: Placement, who: Contact | None, *, first: date, last: date, actor
) -> None:
    """Somebody else at the company guides on these days; after them the supervisor does, by itself.

    Raises Conflict for nobody, and for somebody who does not work there.
    """
    require(coordinator_of, actor, placement)
    who = line_of(who, placement.company_id, actor=actor)
    if who is None:
        raise Conflict(_("Kies wie er vervangt."))
    check_supervisor(placement, who)
    placement.stand_in, placement.stand_in_from, placement.stand_in_until = who, first, last
    placement.save(update_fields=["stand_in", "stand_in_from", "stand_in_until"])
    vouch(who, [ContactRole.SUPERVISOR], source=TrustSource.TICKED, actor=actor)


@transaction.atomic
def end_replacement(placement: Placement, *, actor) -> None:
    """Nobody stands in for the supervisor any more."""
    require(coordinator_of, actor, placement)
    placement.stand_in = placement.stand_in_from = placement.stand_in_until = None
    placement.save(update_fields=["stand_in", "stand_in_from", "stand_in_until"])


@transaction.atomic
def send_briefs(placements: Iterable[Placement], *, actor) -> int:
    """Tell the companies who comes: one mail per person and placement; returns how many mails."""
    sent = 0
    for placement in placements:
        require(coordinator_of, actor, placement)
        people = mails.brief_recipients(placement)
        if not people:
            continue
        placement.briefed_at = timezone.now()
        placement.save(update_fields=["briefed_at"])
        sent += mails.placement_brief(placement, people)
        audit.record(actor, "placement_briefed", placement, fields=("briefed_at",))
    return sent


@transaction.atomic
def advance_placements(*, today: date, actor) -> int:
    """Move placements along with the calendar; returns how many. In a school's scope.

    Signed ones run from their first day, running ones are finished after their last. So do unsigned
    ones for which the school gave its reason.
    """
    moved = 0
    for name, rows in zip(("start_unsigned", "start", "finish"), to_advance(today), strict=True):
        for placement in rows.filter(school_id=actor.school_id):
            workflow.apply(placement, PLACEMENTS[name], actor=actor)
            moved += 1
    return moved


def to_advance(today: date) -> tuple[PlacementQuerySet, PlacementQuerySet, PlacementQuerySet]:
    """What starts unsigned, starts, and is over, of all schools as far as the running scope goes.

    Each is read when its turn comes: what starts late may be over as well.
    """
    rows = Placement.objects.all()
    return (
        unsigned.allowed(rows, today),
        rows.filter(state=PlacementState.SIGNED, starts__lte=today),
        rows.filter(state=PlacementState.RUNNING, ends__lt=today),
    )


def allow_unsigned(placement: Placement, reason: str, *, actor) -> None:
    """Keep why a placement begins before everybody signed; it runs from its first day on."""
    is_young = placement.student.age_on(placement.starts) < unsigned.AGE
    with override("nl"):  # kept with the placement, whoever gives the reason
        finding = _("Naar een ander bedrijf, voordat iedereen daar getekend heeft.")
        if is_young:
            finding = _("Jonger dan 16 jaar, en niet iedereen heeft voor de eerste dag getekend.")
    row = RuleOverride.objects.create_about(
        placement,
        placement=placement,
        rule=unsigned.RULE if is_young else unsigned.MOVED,
        finding=finding,
        reason=reason.strip()[:500],
        by_id=actor.membership,
    )
    audit.record(actor, "rule_overridden", row, fields=("reason",))


@transaction.atomic
def start_unsigned(placement: Placement, *, reason: str, actor) -> None:
    """Let a student under sixteen begin although not everybody signed, with the reason why.

    It runs at once, or from its first day on. Raises Conflict where nothing waits for this.
    """
    require(coordinator_of, actor, placement)
    today = school_today()
    rows = Placement.objects.select_for_update(of=("self",)).filter(pk=placement.pk)
    held = unsigned.waiting(rows, today).first()
    if held is None:
        raise Conflict(_("Voor deze stage hoeft dit niet meer."))
    allow_unsigned(held, reason, actor=actor)
    if held.starts <= today:
        workflow.apply(held, PLACEMENTS["start_unsigned"], actor=actor)
