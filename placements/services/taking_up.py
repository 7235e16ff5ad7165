"""A withdrawn application is taken up again, while nobody was told that it was withdrawn."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from placements.enums import ApplicationState
from placements.models import Application
from placements.policies import own_student
from placements.queries import live_placement, used_places
from placements.services.applications import check_no_yes
from placements.services.disclosure import disclose
from placements.services.locks import lock_place, lock_student
from placements.services.rest import put_aside
from placements.workflow import APPLICATIONS
from stage.core import mail
from stage.core.record import workflow
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, require

# What it was -> the step back.
_STEPS = {
    ApplicationState.DRAFT: "retake_draft",
    ApplicationState.WITH_COMPANY: "retake_sent",
    ApplicationState.PARKED: "retake_parked",
    ApplicationState.ACCEPTED: "retake_yes",
}


@transaction.atomic
def take_up_application(application: Application, *, actor) -> None:
    """The student takes the withdrawing back.

    Raises NotAllowed; Conflict when somebody was told, the place was given away meanwhile, or the
    student has one.
    """
    require(own_student, actor, application)
    too_late = _("Ongedaan maken kan niet meer. Solliciteer gerust opnieuw.")
    with tenancy.as_school_of(application):
        student = lock_student(application.student_id)
        lock_place(application.place_id)
        application.refresh_from_db()
        if not application.can_be_taken_up or student.leaving_on:
            raise Conflict(too_late)
        if live_placement(application.student_id, application.period_id):
            raise Conflict(_("Je hebt al een stageplek in deze periode."))
        if application.was == ApplicationState.WITH_COMPANY:
            check_no_yes(application)
        with mail.silent():
            retake(application, actor=actor)
        if not mail.take_back(application.step):
            raise Conflict(too_late)


def retake(application: Application, *, actor) -> None:
    """Back to what it was, in the school's scope, with student and place locked.

    Raises Conflict when its place was given away meanwhile.
    """
    was, place = application.was, application.place
    full = used_places([place.pk]).get(place.pk, 0) >= place.how_many
    if was == ApplicationState.ACCEPTED and (full or not place.stands):
        raise Conflict(_("De plek is intussen vergeven."))
    step = APPLICATIONS[_STEPS[ApplicationState(was)]]
    workflow.apply(application, step, actor=actor, was="", was_at=None)
    if was != ApplicationState.DRAFT:
        disclose(application.student, application.company_id, actor=actor)
    if was == ApplicationState.ACCEPTED:
        put_aside(application, at=application.decided_at or timezone.now(), actor=actor)
