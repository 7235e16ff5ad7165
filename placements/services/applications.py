"""What a student does: write, send, put in order, withdraw."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Place
from placements import mails
from placements.enums import OPEN_APPLICATIONS, AfterYes, ApplicationState
from placements.models import Application, PlacementSettings
from placements.policies import own_student
from placements.queries import live_placement, used_places
from placements.services.disclosure import disclose, revoke_without_reason
from placements.services.locks import lock_place, lock_student
from placements.services.rest import Back, bring_back, tell_gone
from placements.workflow import APPLICATIONS
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.record import audit, workflow
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, require
from stage.schools.models import GroupStudent, Student

# Sent and not answered with no: these count for the school's limit. So do parked ones: they come
# back by themselves, and the student would then have more than the limit.
COUNTING = tuple(s for s in OPEN_APPLICATIONS if s != ApplicationState.DRAFT)


@transaction.atomic
def save_draft(place: Place, *, student: Student, motivation: str, actor) -> Application:
    """Keep what the student wrote; nobody else sees it.

    Raises Conflict when the student cannot apply here (any more).
    """
    wish = _wish(place, student)
    require(own_student, actor, wish)
    with tenancy.as_school_of(wish):
        return _draft(place, lock_student(student.pk), motivation, actor)


@transaction.atomic
def submit_application(place: Place, *, student: Student, motivation: str, actor) -> Application:
    """Send the application to the company: its card is disclosed and one mail goes out.

    Raises Conflict when the school's limit is reached, the place is full or gone, a company's yes
    stands and the others rest, or the student has a placement in this period.
    """
    wish = _wish(place, student)
    require(own_student, actor, wish)
    with tenancy.as_school_of(wish):
        locked = lock_student(student.pk)
        application = _draft(place, locked, motivation, actor)
        _check_limit(application)
        check_no_yes(application)
        if used_places([place.pk]).get(place.pk, 0) >= place.how_many:
            raise Conflict(_("Hier is net de laatste plek vergeven. Kies een andere plek."))
        workflow.apply(
            application,
            APPLICATIONS["submit"],
            actor=actor,
            submitted_at=timezone.now(),
            decided_at=None,
            reason="",
        )
        disclose(locked, place.company_id, actor=actor)
        mails.application_sent(application)
    return application


@transaction.atomic
def withdraw_application(application: Application, *, actor) -> Back:
    """Take an application back; a place the company kept comes free, and the others ask again.

    Raises Conflict when the school already matched on it.
    """
    require(own_student, actor, application)
    with tenancy.as_school_of(application):
        student = lock_student(application.student_id)
        lock_place(application.place_id)
        placed = live_placement(application.student_id, application.period_id)
        if placed and placed.place_id == application.place_id:
            raise Conflict(_("Je bent al geplaatst. Praat met je stagecoördinator."))
        application.refresh_from_db(fields=["state"])
        was, now = application.state, timezone.now()
        workflow.apply(application, APPLICATIONS["withdraw"], actor=actor, was=was, was_at=now)
        with mail.held_until(now + mail.undo_for(), by=application.step):
            back = _tell_withdrawn(application, student, at=now, actor=actor)
        revoke_without_reason(application.student_id, application.company_id, actor=actor)
    return back


def _tell_withdrawn(application: Application, student: Student, *, at: datetime, actor) -> Back:
    asked = application.was in (ApplicationState.WITH_COMPANY, ApplicationState.PARKED)
    if asked and application.place.for_one:
        # It was asked for this one alone, and reads nothing of it on a list of others.
        mails.application_closed(application)
    if application.was != ApplicationState.ACCEPTED:
        return Back()
    mails.application_off(application)
    back = bring_back(student, application.period_id, at=at, actor=actor)
    tell_gone(back.gone)
    return back


@transaction.atomic
def move_application(application: Application, *, up: bool, actor) -> None:
    """Swap with the neighbour in the student's order of preference; at the end nothing happens."""
    require(own_student, actor, application)
    with tenancy.as_school_of(application):
        lock_student(application.student_id)
        rows = list(
            Application.objects.open().filter(
                student_id=application.student_id, period_id=application.period_id
            )
        )
        order = [row.pk for row in rows]
        if application.pk not in order:
            raise Conflict(_("Deze sollicitatie loopt niet meer."))
        here = order.index(application.pk)
        there = here - 1 if up else here + 1
        if 0 <= there < len(rows):
            rows[here], rows[there] = rows[there], rows[here]
        changed = [row for n, row in enumerate(rows, start=1) if row.rank != n]
        for n, row in enumerate(rows, start=1):
            row.rank = n
        Application.objects.bulk_update(changed, ["rank"])
        audit.record(actor, "applications_ranked", application, fields=("rank",))


def _wish(place: Place, student: Student) -> Application:
    return Application(
        school_id=student.school_id,
        student=student,
        company_id=place.company_id,
        place=place,
        period_id=place.period_id,
    )


def _draft(place: Place, student: Student, motivation: str, actor) -> Application:
    """The application of this student for this place, with these words; checks what may be."""
    _check_possible(place, student)
    found = Application.objects.filter(student=student, place=place).first()
    if found is None:
        mine = Application.objects.open().filter(student=student, period_id=place.period_id)
        found = _wish(place, student)
        found.rank = (mine.aggregate(last=Max("rank"))["last"] or 0) + 1
        found.motivation = motivation
        found.save()
        audit.record(actor, "application_written", found, fields=("motivation",))
        return found
    if found.state not in APPLICATIONS["submit"].sources:
        raise Conflict(_("Deze sollicitatie is al verstuurd."))
    if found.motivation != motivation:
        found.motivation = motivation
        found.save(update_fields=["motivation"])
        audit.record(actor, "application_written", found, fields=("motivation",))
    return found


def _check_possible(place: Place, student: Student) -> None:
    if place.school_id != student.school_id or not place.stands:
        raise Conflict(_("Deze plek is er niet meer. Kies een andere plek."))
    if place.for_one and not Application.objects.filter(student=student, place=place).exists():
        raise Conflict(_("Dit bedrijf is voor een andere leerling gevraagd. Kies een andere plek."))
    if place.period.ends < school_today():
        raise Conflict(_("Deze periode is voorbij."))
    members = GroupStudent.objects.filter(student=student, group__period_id=place.period_id)
    if not members.exists():
        raise Conflict(_("Deze plek is voor een andere periode dan die van jou."))
    if live_placement(student.pk, place.period_id):
        raise Conflict(_("Je hebt al een stageplek in deze periode."))


def _check_limit(application: Application) -> None:
    limit = PlacementSettings.objects.of(application.school_id).max_applications
    running = Application.objects.filter(
        student_id=application.student_id,
        period_id=application.period_id,
        state__in=COUNTING,
    ).exclude(pk=application.pk)
    if running.count() >= limit:
        raise Conflict(
            _(
                "Je hebt al %(count)s sollicitaties verstuurd, meer mag niet tegelijk. Wacht op"
                " antwoord of trek er een in."
            )
            % {"count": limit}
        )


def check_no_yes(application: Application) -> None:
    """What is sent beside a yes would rest at once, so it is not sent."""
    if PlacementSettings.objects.of(application.school_id).after_yes == AfterYes.LEAVE:
        return
    said = Application.objects.filter(
        student_id=application.student_id,
        period_id=application.period_id,
        state=ApplicationState.ACCEPTED,
    ).exclude(pk=application.pk)
    if yes := said.select_related("company").first():
        raise Conflict(
            _(
                "%(company)s zei al ja en houdt een plek voor je vrij. Wil je liever hierheen?"
                " Trek dan eerst die sollicitatie in."
            )
            % {"company": yes.company.name}
        )
