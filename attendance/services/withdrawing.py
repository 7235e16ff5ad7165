"""An arrival that was none is taken back: the row stays, with why, and nothing counts it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import policies
from attendance.enums import AbsenceKind
from attendance.models import Absence, CheckIn
from attendance.services.absence import report_absence
from attendance.services.locks import hold_week
from attendance.services.weeks import is_confirmed
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.record import audit
from stage.core.who.policies import Conflict, require


@transaction.atomic
def undo_check_in(check_in: CheckIn | None, *, actor, at: datetime | None = None) -> None:
    """The student pressed by mistake, two minutes before `at` at most (now, when it is not said).

    Raises NotAllowed, Conflict.
    """
    if check_in is None:
        raise Conflict(_("Je staat niet meer als aangemeld."))
    require(policies.check_in, actor, check_in.placement)
    if not check_in.could_be_undone(at or timezone.now()):
        raise Conflict(_("Dat kan tot twee minuten erna. Klopt het niet? Bel je stagebegeleider."))
    withdraw(check_in, "", actor)


@transaction.atomic
def withdraw_check_in(check_in: CheckIn, *, actor, why: str) -> None:
    """School says, and why, that a student was not there. Raises NotAllowed, Conflict."""
    require(policies.settle, actor, check_in.placement)
    withdraw(check_in, why, actor)


@transaction.atomic
def not_here(check_in: CheckIn | None, *, actor) -> None:
    """The company's supervisor says today that who checked in is not there."""
    if check_in is None:
        raise Conflict(_("Deze leerling staat niet als aangemeld."))
    require(policies.confirm_week, actor, check_in.placement)
    if check_in.date != school_today() or check_in.settled_by_id is not None:
        raise Conflict(_("Dit heeft de school gezegd. Bel de school als het niet klopt."))
    withdraw(check_in, "", actor)


@transaction.atomic
def not_here_after_all(placement: Placement, *, actor, kind: str, day: date, **report) -> Absence:
    """The company reports somebody away, as `report_absence`; who was in today is so no longer.

    Ill or going sooner leaves the arrival: that was one.
    """
    if kind == AbsenceKind.OTHER and day == school_today():
        rows = CheckIn.objects.visible_to(actor).starts().filter(placement=placement, date=day)
        check_in = rows.select_related("placement").first()
        if check_in is not None:
            not_here(check_in, actor=actor)
    return report_absence(placement, actor=actor, kind=kind, day=day, **report)


def withdraw(check_in: CheckIn, why: str, actor) -> None:
    """An arrival, with what was said after it, or the end of a day. Raises Conflict."""
    hold_week(check_in.placement_id, check_in.date)
    if is_confirmed(check_in.placement, check_in.date):
        raise Conflict(
            _("Het bedrijf heeft deze dag al bevestigd. Vraag het bedrijf om een wijziging.")
        )
    rows = CheckIn.objects.standing().filter(pk=check_in.pk)
    values = {"withdrawn_at": timezone.now(), "withdrawn_kind": actor.role, "withdrawn_why": why}
    if not rows.update(**values):
        raise Conflict(_("Deze aanmelding is al ingetrokken."))
    fields = ["withdrawn_at", "withdrawn_why"]
    if check_in.is_end:
        audit.record(actor, "check_out_withdrawn", check_in, fields=fields)
        return
    audit.record(actor, "check_in_withdrawn", check_in, fields=fields)
    # Who was not there took no pause and did not go.
    same_day = {"placement": check_in.placement_id, "date": check_in.date}
    CheckIn.objects.standing().filter(**same_day).update(**values)
