"""Who may report, tick, confirm and read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies import trust
from placements.models import is_own_teacher
from stage.core.who.policies import ALLOWED, Answer, Denied, any_of, own_student


def own_staff(actor, placement) -> Answer:
    """The teacher who guides the placement, or the school's coordinator."""
    if not actor.is_staff or actor.school_id != placement.school_id:
        return Denied(_("Dit kan alleen een medewerker van de school."))
    if not is_own_teacher(actor, placement):
        return Denied(_("Dit kan alleen de stagebegeleider van deze leerling."))
    return ALLOWED


def own_guardian(actor, placement) -> Answer:
    """A guardian of the student, on a phone that was proven to be theirs."""
    if actor.is_guardian and actor.proven and actor.student_id == placement.student_id:
        return ALLOWED
    return Denied(_("Dit kan alleen een ouder of verzorger van de leerling."))


def check_in(actor, placement) -> Answer:
    return own_student(actor, placement)


def write_report(actor, placement) -> Answer:
    return own_student(actor, placement)


def settle(actor, placement) -> Answer:
    return own_staff(actor, placement)


guides = trust.guides
report_absence = any_of(own_student, own_guardian, guides, own_staff)


def confirm_week(actor, placement) -> Answer:
    return guides(actor, placement)
