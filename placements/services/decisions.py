"""What a company does with an application, and what happens when it does nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.enums import CallOutcome, PlaceState
from companies.models import Place
from companies.services import note_call, offers
from placements import mails
from placements.enums import UNANSWERED_DAYS, ApplicationState
from placements.models import Application
from placements.policies import asks_for_one, decides_for_company
from placements.queries import live_placement, used_places
from placements.services.locks import lock_place, lock_student
from placements.services.rest import bring_back, put_aside
from placements.workflow import APPLICATIONS
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.record import workflow
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, require


@transaction.atomic
def accept_application(application: Application, *, actor) -> None:
    """The company's yes: keeps one of its places for this student; the others rest or close.

    Raises Conflict when no place is free, the place was withdrawn, another company said yes just
    before, or the student is not available any more; nothing changes then.
    """
    require(decides_for_company, actor, application)
    _accept(application, "accept", actor=actor)


@transaction.atomic
def note_yes(application: Application, *, actor) -> None:
    """The same, said to the school by a company that was asked for one student."""
    require(asks_for_one, actor, application)
    note_call(application.company, CallOutcome.YES, actor=actor)
    _accept(application, "told_yes", actor=actor)


def _accept(application: Application, step: str, *, actor) -> None:
    with tenancy.as_school_of(application):
        lock_student(application.student_id)
        place = lock_place(application.place_id)
        _check_undecided(application)
        if place.period.ends < school_today():
            raise Conflict(_("Deze periode is voorbij."))
        if not place.stands:
            raise Conflict(_("Deze plek is ingetrokken. Bied eerst weer een plek aan."))
        if used_places([place.pk]).get(place.pk, 0) >= place.how_many:
            raise Conflict(
                _(
                    "Alle plekken in deze periode zijn al vergeven. Er is niets veranderd. Zeg"
                    " eerst een ander af of bied een plek meer aan."
                )
            )
        _check_not_parked(application)
        now = timezone.now()
        workflow.apply(application, APPLICATIONS[step], actor=actor, decided_at=now, reason="")
        if place.state == PlaceState.ASKED:
            offers.give(place, actor=actor)
        with mail.held_until(now + mail.undo_for()):
            put_aside(application, at=now, actor=actor)
            mails.application_answered(application)


@transaction.atomic
def decline_application(application: Application, *, reason: str, actor) -> None:
    """The company's no, with a reason the student reads; a kept place comes free.

    After a yes that is taken back, the student's other applications ask again.
    Raises Conflict when the school already matched the student here.
    """
    require(decides_for_company, actor, application)
    _decline(application, "decline", reason, actor=actor)


@transaction.atomic
def note_no(application: Application, *, reason: str, actor) -> None:
    """The same, said to the school by a company that was asked for one student."""
    require(asks_for_one, actor, application)
    note_call(application.company, CallOutcome.NO, actor=actor)
    _decline(application, "told_no", reason, actor=actor)


def _decline(application: Application, step: str, reason: str, *, actor) -> None:
    with tenancy.as_school_of(application):
        student = lock_student(application.student_id)
        lock_place(application.place_id)
        _check_undecided(application)
        _check_not_parked(application)
        said_yes, now = application.is_accepted, timezone.now()
        workflow.apply(application, APPLICATIONS[step], actor=actor, decided_at=now, reason=reason)
        with mail.held_until(now + mail.undo_for()):
            if said_yes:
                bring_back(student, application.period_id, at=now, actor=actor)
            mails.application_answered(application)


def decline_for_lack_of_place(place: Place, *, actor) -> int:
    """Tell who waits for a place that its company took back; returns how many.

    Inside the transaction that withdraws the place and holds its lock.
    """
    count = 0
    with tenancy.as_school_of(place):
        waiting = Application.objects.filter(
            place=place, state__in=APPLICATIONS["place_gone"].sources
        ).select_related("student", "place")
        for application in waiting.order_by("pk"):
            workflow.apply(
                application,
                APPLICATIONS["place_gone"],
                actor=actor,
                decided_at=timezone.now(),
                reason=_("Het bedrijf heeft in deze periode toch geen plek."),
            )
            mails.application_answered(application)
            count += 1
    return count


def _check_undecided(application: Application) -> None:
    """The school has the last word: after it matched, nobody's answer counts."""
    placed = live_placement(application.student_id, application.period_id)
    if placed is None:
        return
    if placed.place_id == application.place_id:
        raise Conflict(_("De school heeft deze leerling al bij u geplaatst. Bel de school."))
    # Not why: a company is not told of others.
    raise Conflict(_("Deze sollicitatie loopt niet meer. U hoeft niets te doen."))


def _check_not_parked(application: Application) -> None:
    """As it stands now that the student is locked: of two yeses at once the second finds this."""
    application.refresh_from_db(fields=["state"])
    if application.is_parked:
        # Not which: a company is not told of others.
        raise Conflict(
            _(
                "De leerling wacht op een ander bedrijf. U hoeft nu niets te doen. Gaat dat niet"
                " door, dan krijgt u een mail."
            )
        )


def unanswered_too_long(now: datetime):
    """What companies left unanswered, of all schools as far as the running scope goes."""
    return Application.objects.filter(
        state=ApplicationState.WITH_COMPANY, submitted_at__lt=now - timedelta(days=UNANSWERED_DAYS)
    )


@transaction.atomic
def expire_applications(*, now: datetime, actor) -> int:
    """Close what a company left unanswered for too long; returns how many. In a school's scope."""
    late = unanswered_too_long(now).filter(school_id=actor.school_id)
    count = 0
    for application in late.select_for_update(of=("self",), skip_locked=True):
        workflow.apply(application, APPLICATIONS["expire"], actor=actor, decided_at=now)
        mails.application_answered(application)
        count += 1
    return count
