"""The coordinator's match: a student gets a placement, with its days; and the way back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.enums import ContactRole, PlaceState, TrustSource
from companies.models import Contact, Place
from companies.services import offers
from companies.services.trust import vouch
from placements import mails, vetoes
from placements.changes.plan import Day
from placements.eligibility import Pair, examine
from placements.enums import OPEN_APPLICATIONS, ApplicationState, ChangeKind, ChangeState
from placements.models import Application, Placement, PlacementChange, PlannedDay
from placements.policies import coordinator_of
from placements.services.checks import check_supervisor, check_teacher, line_of
from placements.services.disclosure import disclose, revoke_without_reason
from placements.services.guiding import write_guides
from placements.services.locks import lock_place, lock_student
from placements.services.rest import after_undoing
from placements.signals import placement_made
from placements.workflow import APPLICATIONS, PLACEMENTS
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.models import Membership
from stage.core.record import audit, workflow
from stage.core.who.policies import Conflict, require
from stage.schools.models import Period, Student

CLOSED_BY_MATCH = tuple(OPEN_APPLICATIONS)


@transaction.atomic
def match(
    student: Student,
    place: Place,
    *,
    teacher: Membership | None = None,
    supervisor: Contact | None = None,
    first: date | None = None,
    tell: bool = True,
    actor,
) -> Placement:
    """Place a student: makes the placement and its days, closes the student's other applications.

    A snuffelstage is ready with it: no agreement is made.

    Without a supervisor the place's own one guides. No day before `first`. Without `tell` who calls
    tells the student. Raises Conflict when the student is placed already in this period, the
    company said no, no place is free, or days overlap.
    """
    require(coordinator_of, actor, student)
    student, place = lock_student(student.pk), lock_place(place.pk)
    (pair,) = examine([(student, place)], first=first)
    if pair.obstacle:
        raise Conflict(pair.obstacle.text)
    application = pair.application
    if place.state == PlaceState.ASKED:
        offers.give(place, actor=actor)
    supervisor = line_of(supervisor, place.company_id, actor=actor)
    placement = _new_placement(pair, teacher, supervisor)
    _store(placement, pair.dates)
    write_guides([placement])
    # Read anew: from here on the period cannot change its kind.
    if Period.objects.get(pk=placement.period_id).is_taster:
        workflow.apply(placement, PLACEMENTS["make_ready"], actor=actor)
    if application and application.was_sent and not application.is_accepted:
        workflow.apply(
            application,
            APPLICATIONS["settle"],
            actor=actor,
            decided_at=timezone.now(),
        )
    if supervisor is not None:
        vouch(supervisor, [ContactRole.SUPERVISOR], source=TrustSource.TICKED, actor=actor)
    disclose(student, place.company_id, actor=actor)
    with mail.held_until(timezone.now() + mail.undo_for(), by=step_of(placement)):
        close_others(placement, actor=actor)
        audit.record(actor, "placement_made", placement, fields=("student", "place", "teacher"))
        placement_made.send(sender=Placement, placement=placement, actor=actor)
        if tell:
            mails.placement_made(placement)
    return placement


def step_of(placement: Placement) -> str:
    """By what the mails of a match are known until they leave."""
    return f"match:{placement.public_id}"


def is_fresh(placement: Placement) -> bool:
    """Matched so short ago that nobody was told yet."""
    return timezone.now() < placement.created_at + mail.undo_for()


@transaction.atomic
def unmatch(placement: Placement, *, free: bool = False, actor) -> PlacementChange | None:
    """Undo a match while nobody signed: frees the days, and reopens what the match closed.

    `free`: the company's place comes free too, and it hears that; otherwise its yes stands, as
    before the match. The student is told either way, unless nobody heard of the match yet: then
    nobody hears anything. Answers what can be undone in its turn, if anything. Raises Conflict,
    also with the reason of a higher app (`placements.vetoes`).
    """
    require(coordinator_of, actor, placement)
    student = lock_student(placement.student_id)
    # Who signs takes this row first, so that a signature and the undoing cannot both win.
    placement = Placement.objects.select_for_update(no_key=True).get(pk=placement.pk)
    if reason := vetoes.reasons("cancel", [placement.pk]).get(placement.pk):
        raise Conflict(reason)
    if is_fresh(placement) and mail.take_back(step_of(placement)):
        with mail.silent():
            _unmatch(placement, student, timezone.now(), free, actor=actor)
        return None
    now = timezone.now()
    change = _kept_change(placement, at=now, actor=actor)
    with mail.held_until(change.told_at, by=change.step):
        _unmatch(placement, student, now, free, actor=actor)
        mails.placement_undone(placement)
    return change


def _unmatch(placement: Placement, student: Student, at: datetime, free: bool, *, actor) -> None:
    workflow.apply(placement, PLACEMENTS["cancel"], actor=actor)
    PlannedDay.objects.filter(placement=placement).delete()
    if free:
        _release(placement, at, actor=actor)
    after_undoing(student, placement.period_id, at=at, actor=actor)
    revoke_without_reason(student.pk, placement.company_id, actor=actor)


def _kept_change(placement: Placement, *, at: datetime, actor) -> PlacementChange:
    """What stood there before the match is undone: enough for `undo_change` to put it back."""
    days = PlannedDay.objects.filter(placement=placement).order_by("date")
    return PlacementChange.objects.create_about(
        placement,
        placement=placement,
        kind=ChangeKind.UNMATCH,
        state=ChangeState.DONE,
        from_on=school_today(),
        before={
            "state": placement.state,
            "values": {},
            "after": {},
            "removed": [Day.of(row).kept for row in days],
            "added": [],
            "retimed": [],
        },
        asked_kind=actor.role,
        asked_by_name=actor.name[:160],
        decided_by_id=actor.membership,
        decided_at=at,
    )


def _release(placement: Placement, now: datetime, *, actor) -> None:
    """The yes under an undone match is given back: it is out of "all yeses"."""
    said = Application.objects.filter(
        student_id=placement.student_id,
        place_id=placement.place_id,
        state=ApplicationState.ACCEPTED,
    )
    for application in said.select_related("place"):
        workflow.apply(
            application,
            APPLICATIONS["release"],
            actor=actor,
            decided_at=now,
            reason=_("De school gaf deze plek vrij."),
        )
        mails.application_off(application)


def _new_placement(pair: Pair, teacher: Membership | None, supervisor: Contact | None) -> Placement:
    student, place, dates = pair.student, pair.place, pair.dates
    period = place.period
    day_from, day_to = place.hours
    placement = Placement(
        school_id=student.school_id,
        student=student,
        company_id=place.company_id,
        place=place,
        period=period,
        location_id=place.offer.location_id,
        teacher=teacher,
        supervisor=supervisor or place.supervisor,
        starts=dates[0],
        ends=dates[-1],
        weekdays=sorted({d.isoweekday() for d in dates}),
        day_from=day_from,
        day_to=day_to,
        break_minutes=period.break_minutes,
        tasks=place.offer.tasks,
    )
    check_teacher(placement, teacher)
    check_supervisor(placement, supervisor)
    return placement


def _store(placement: Placement, dates: list[date]) -> None:
    """Save the placement and its days; the database refuses a second one or a day twice."""
    try:
        with transaction.atomic():
            placement.save(force_insert=True)
            PlannedDay.objects.bulk_create(
                PlannedDay.about(
                    placement,
                    date=day,
                    day_from=placement.day_from,
                    day_to=placement.day_to,
                    break_minutes=placement.break_minutes,
                )
                for day in dates
            )
    except IntegrityError as error:
        raise Conflict(
            _("Een collega heeft deze leerling net geplaatst. Bekijk hoe het nu is.")
        ) from error


def close_others(placement: Placement, *, actor) -> None:
    """The student has this placement: what it asked elsewhere in the period is over."""
    others = (
        Application.objects.filter(student_id=placement.student_id, period_id=placement.period_id)
        .exclude(place_id=placement.place_id)
        .select_related("place")
    )
    for application in others:
        if application.state in CLOSED_BY_MATCH:
            said_yes = application.is_accepted
            workflow.apply(application, APPLICATIONS["close"], actor=actor)
            if said_yes:
                mails.application_off(application)
            else:
                mails.application_closed(application)
    for company_id in sorted({a.company_id for a in others}):
        # Who said no, or nothing, can no longer change its mind either.
        if company_id != placement.company_id:
            _forget(placement, company_id, actor=actor)


def _forget(placement: Placement, company_id: int, *, actor) -> None:
    """Revoke the card at another company, unless something outside this period needs it."""
    answered = Application.objects.filter(
        student_id=placement.student_id,
        company_id=company_id,
        period_id=placement.period_id,
        state__in=(ApplicationState.DECLINED, ApplicationState.EXPIRED),
    )
    revoke_without_reason(
        placement.student_id,
        company_id,
        besides=[a.pk for a in answered],
        actor=actor,
    )
