"""A placement changes: asked for, decided by the school, told once (`placements.changes`)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from placements.changes import elsewhere, mails
from placements.changes.kinds import STAND_IN
from placements.changes.plan import Plan, plan_of
from placements.changes.shown import plain, values_now
from placements.changes.wanted import Wanted
from placements.enums import OF_THEIR_OWN, ChangeKind, ChangeState, Missed, PlacementState
from placements.models import Placement, PlacementChange, PlannedDay, RuleOverride
from placements.policies import asks_change, changes, takes_change_back
from placements.services import ending
from placements.services.locks import lock_student
from placements.services.placements import assign, end_replacement, replace_for_a_while
from placements.signals import placement_changed
from placements.workflow import CHANGES
from stage.core import mail
from stage.core.record import audit, workflow
from stage.core.tenants import tenancy
from stage.core.ui.dates import day_words
from stage.core.who.policies import Conflict, require

# What begins no more has no other days; what never began does not stop.
POSSIBLE_IN = {
    ChangeKind.OFF: (PlacementState.CONCEPT, PlacementState.AGREEMENT, PlacementState.SIGNED),
    ChangeKind.STOP: (PlacementState.SIGNED, PlacementState.RUNNING),
    ChangeKind.CATCH_UP: (
        PlacementState.SIGNED,
        PlacementState.RUNNING,
        PlacementState.FINISHED,
        PlacementState.STOPPED,
    ),
}
OPEN = (
    PlacementState.CONCEPT,
    PlacementState.AGREEMENT,
    PlacementState.SIGNED,
    PlacementState.RUNNING,
)


def possible_kinds(placement: Placement) -> list[ChangeKind]:
    """What can change in this placement as it stands; nothing once it is over."""
    chosen = [k for k in ChangeKind if k not in OF_THEIR_OWN]
    return [k for k in chosen if placement.state in POSSIBLE_IN.get(k, OPEN)]


@transaction.atomic
def ask_change(placement: Placement, wanted: Wanted, *, actor) -> PlacementChange:
    """Company, student or guardian asks the school; the coordinators hear it, once.

    Raises NotAllowed, and Conflict where the same was asked already or nothing can change.
    """
    require(asks_change, actor, placement)
    with tenancy.as_school_of(placement):
        held = hold(placement)
        _possible(held, wanted.kind)
        try:
            with transaction.atomic():
                change = _row(held, wanted, actor=actor)
                change.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(
                _("Dit is al gevraagd. De school kijkt ernaar en laat het weten.")
            ) from error
        audit.record(actor, "change_asked", change, fields=("kind", "from_on", "reason"))
        mails.change_asked(change)
    return change


@transaction.atomic
def change_placement(
    placement: Placement,
    wanted: Wanted,
    *,
    asked: PlacementChange | None = None,
    at: datetime | None = None,
    tell: bool = True,
    actor,
) -> PlacementChange:
    """The school decides: what is planned from then on is as wanted, and everybody is told once.

    `asked` is the request that this answers, `at` the moment of the step that this is part of.
    Without `tell` who calls tells everybody. Days on which something happened stay as they are.

    Raises NotAllowed; Conflict when the placement is over, the student is elsewhere on one of the
    days, a rule blocks, or a rule is passed over without a reason. Then nothing changes.
    """
    held = hold(placement)
    change = _row(held, wanted, actor=actor)
    require(changes, actor, change)
    _possible(held, wanted.kind)
    plan = plan_of(held, wanted)
    if plan.dates:  # who confirms one of these days just now is done first
        elsewhere.hold(held.pk, plan.dates)
        plan = plan_of(held, wanted)
    _check(plan)
    change.before = _before(plan)
    change.decided_by_id, change.decided_at = actor.membership, at or timezone.now()
    change.state = ChangeState.DONE
    if asked is not None:
        change = _answered(asked, change)
    else:
        change.save(force_insert=True)
    _note_rules(plan, actor=actor)
    with mail.held_until(change.told_at, by=change.step):
        _carry_out(plan, change, actor=actor)
        audit.record(actor, f"change_{wanted.kind}", change, fields=tuple(change.wanted))
        placement_changed.send(sender=PlacementChange, change=change, plan=plan, actor=actor)
        if tell:
            mails.change_done(change, actor=actor)
    return change


@transaction.atomic
def refuse_change(change: PlacementChange, *, answer: str, actor) -> None:
    """The school says no, and why; who asked is told."""
    workflow.apply(
        change,
        CHANGES["refuse"],
        actor=actor,
        answer=answer,
        decided_by_id=actor.membership,
        decided_at=timezone.now(),
    )
    mails.change_refused(change)


@transaction.atomic
def withdraw_change(change: PlacementChange, *, actor) -> None:
    """Who asked takes it back before the school answered."""
    require(takes_change_back, actor, change)
    with tenancy.as_school_of(change):
        workflow.apply(change, CHANGES["withdraw"], actor=actor)


def hold(placement: Placement) -> Placement:
    """The placement as it is now; student first, so that a match and a change wait for each other.

    Who signs takes the placement's row too.
    """
    lock_student(placement.student_id)
    rows = Placement.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related(
        "student", "company", "place", "school", "teacher", "supervisor", "stand_in"
    ).get(pk=placement.pk)


def _possible(placement: Placement, kind: ChangeKind) -> None:
    if placement.state not in POSSIBLE_IN.get(kind, OPEN):
        raise Conflict(_("Dit kan bij deze stage niet meer. Bekijk hoe het nu is."))


def _check(plan: Plan) -> None:
    if plan.is_nothing:
        raise Conflict(_("Er verandert niets: zo staat het er al."))
    if plan.clashes:
        clash = plan.clashes[0]
        words = {"day": day_words(clash.date), "company": clash.company.name}
        raise Conflict(_("Overlap: op %(day)s is deze leerling al bij %(company)s.") % words)
    if plan.blocked_by:
        raise Conflict(" ".join(dict.fromkeys(f.message_nl for f in plan.blocked_by)))
    if plan.found and not plan.wanted.rule_reason.strip():
        raise Conflict(
            _("Leg uit waarom dit toch kan: %(points)s") % {"points": plan.found[0].message_nl}
        )
    if plan.wanted.kind == ChangeKind.DATES and not _days_left(plan):
        raise Conflict(_("Dan blijft er geen dag over. Kies: de stage gaat niet door."))
    if plan.wanted.kind in OF_THEIR_OWN:
        _check_days(plan)


def _check_days(plan: Plan) -> None:
    """Of days in place of others: one that is new, in a placement that still runs."""
    wanted, placement = plan.wanted, plan.placement
    if wanted.kind != ChangeKind.CATCH_UP:
        if not _days_left(plan) and plan.removed:
            raise Conflict(_("Dan blijft er geen dag over. Kies: de stage gaat niet door."))
        return
    if wanted.outcome != Missed.CAUGHT_UP:
        return
    if placement.state not in OPEN:
        raise Conflict(_("Deze stage is klaar. Inhalen kan niet meer."))
    if not (plan.added or plan.retimed):
        raise Conflict(_("Op die dag is deze leerling al op stage. Kies een andere dag."))


def _days_left(plan: Plan) -> int:
    there = PlannedDay.objects.filter(placement=plan.placement).count()
    return there - len(plan.removed) + len(plan.added)


def _row(placement: Placement, wanted: Wanted, *, actor) -> PlacementChange:
    return PlacementChange.about(
        placement,
        placement=placement,  # its key is one of two to a placement: a move names the other
        kind=wanted.kind,
        from_on=wanted.from_on,
        until_on=wanted.until_on,
        reason=wanted.reason,
        words=wanted.words,
        heard=list(wanted.heard),
        wanted=wanted.kept,
        asked_kind=actor.role,
        asked_by_name=actor.name[:160],
    )


def _answered(asked: PlacementChange, done: PlacementChange) -> PlacementChange:
    """The request carries what was decided on it. Raises Conflict when it waits no more."""
    values = {
        name: getattr(done, name)
        for name in (
            *("from_on", "until_on", "reason", "words", "heard", "wanted", "before"),
            *("state", "decided_by_id", "decided_at"),
        )
    }
    rows = PlacementChange.objects.filter(pk=asked.pk, state=ChangeState.ASKED, kind=done.kind)
    if not rows.update(**values):
        raise Conflict(_("Dit is intussen al veranderd. Bekijk hoe het nu is."))
    return PlacementChange.objects.get(pk=asked.pk)


def _before(plan: Plan) -> dict:
    """What stood there, as plain JSON: enough to show it and to put it back."""
    placement = plan.placement
    return {
        "state": placement.state,
        "values": values_now(placement, plan.values),
        "after": {name: plain(value) for name, value in plan.values.items()},
        "removed": [day.kept for day in plan.removed],
        "added": [day.kept for day in plan.added],
        "retimed": [[old.kept, new.kept] for old, new in plan.retimed],
    }


def _note_rules(plan: Plan, *, actor) -> None:
    """A rule that only the new plan does not meet, and why it is done all the same; once a rule."""
    for rule, text in {f.rule: f.message_nl for f in reversed(plan.found)}.items():
        row = RuleOverride.objects.create_about(
            plan.placement,
            rule=rule,
            finding=text[:300],
            reason=plan.wanted.rule_reason.strip()[:500],
            by_id=actor.membership,
        )
        audit.record(actor, "rule_overridden", row, fields=("reason",))


def _carry_out(plan: Plan, change: PlacementChange, *, actor) -> None:
    kind = plan.wanted.kind
    if kind in (ChangeKind.SUPERVISOR, ChangeKind.TEACHER):
        _put_people(plan, actor=actor)
        return
    write_days(plan)
    if kind == ChangeKind.OFF:
        ending.call_off(plan, actor=actor)
    elif kind in (ChangeKind.STOP, ChangeKind.MOVE):
        ending.stop(plan, actor=actor)
        if kind == ChangeKind.MOVE:
            ending.begin_elsewhere(plan, change, actor=actor)
    elif plan.values:
        Placement.objects.filter(pk=plan.placement.pk).update(**plan.values)


def _put_people(plan: Plan, *, actor) -> None:
    """Who guides from now on, for the school or at the company; there for a while, if so wanted."""
    placement, wanted = plan.placement, plan.wanted
    if wanted.kind == ChangeKind.TEACHER:
        assign(placement, teacher=wanted.teacher, supervisor=placement.supervisor, actor=actor)
    elif wanted.until_on is not None:
        first, last = wanted.from_on, wanted.until_on
        replace_for_a_while(placement, wanted.supervisor, first=first, last=last, actor=actor)
    else:
        if set(STAND_IN) & set(plan.values):
            end_replacement(placement, actor=actor)
        assign(placement, teacher=placement.teacher, supervisor=wanted.supervisor, actor=actor)


def write_days(plan: Plan) -> None:
    """Remove, move and add the days of a plan; the database refuses a day twice."""
    placement = plan.placement
    rows = PlannedDay.objects.filter(placement=placement)
    rows.filter(date__in=[d.date for d in plan.removed]).delete()
    for _old, new in plan.retimed:
        rows.filter(date=new.date).update(
            day_from=new.day_from,
            day_to=new.day_to,
            break_minutes=new.break_minutes,
            changed_at=timezone.now(),
        )
    try:
        with transaction.atomic():
            PlannedDay.objects.bulk_create(
                PlannedDay.about(placement, **day._asdict()) for day in plan.added
            )
    except IntegrityError as error:
        raise Conflict(
            _("Een collega heeft deze dagen net veranderd. Bekijk hoe het nu is.")
        ) from (error)
