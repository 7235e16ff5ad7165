"""The teacher's mark: given, made final, and changed by the coordinator only after that."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import policies
from assessments.models import Mark
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.record import audit
from stage.core.who.policies import Conflict, coordinator_of, require


@transaction.atomic
def give_mark(placement: Placement, *, value: Decimal, remark: str, actor) -> Mark:
    """Give or change the one mark of a placement (1.0-10.0). Raises Conflict when it is final."""
    require(policies.give_mark, actor, placement)
    if placement.state == PlacementState.CANCELLED:
        raise Conflict(_("Deze stage gaat niet door. Er komt geen cijfer."))
    values = {
        "value": value,
        "remark": remark,
        "given_by_id": actor.membership,
        "given_at": timezone.now(),
    }
    rows = Mark.objects.filter(placement=placement)
    if not (_change(rows, values) or _make(placement, values) or _change(rows, values)):
        raise Conflict(_("Dit cijfer ligt al vast. Alleen de coördinator kan het nog wijzigen."))
    mark = rows.get()
    audit.record(actor, "mark_given", mark, fields=("value", "remark"))
    return mark


def _change(rows, values: dict) -> bool:
    return rows.filter(locked_at__isnull=True).update(**values) == 1


def _make(placement: Placement, values: dict) -> bool:
    """False when there is a mark already: somebody else gave it, or it is final."""
    try:
        with transaction.atomic():
            Mark.objects.create_about(placement, **values)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def lock_mark(mark: Mark, *, seen: Decimal, actor) -> None:
    """Make a mark final; the student sees it from now on.

    Raises Conflict when the mark is no longer the one on the page, or is final already.
    """
    require(policies.give_mark, actor, mark.placement)
    rows = Mark.objects.filter(pk=mark.pk, locked_at__isnull=True, value=seen)
    if rows.update(locked_at=timezone.now()) != 1:
        raise Conflict(_("Het cijfer is intussen veranderd. Kijk wat er nu staat."))
    audit.record(actor, "mark_locked", mark, fields=("locked_at",))


@transaction.atomic
def change_final_mark(
    mark: Mark, *, value: Decimal, remark: str, reason: str, seen: Decimal, actor
) -> None:
    """Change a final mark, with the reason. Raises Conflict when it is no longer `seen`."""
    require(coordinator_of, actor, mark)
    values = {
        "value": value,
        "remark": remark,
        "change_reason": reason,
        "given_by_id": actor.membership,
        "given_at": timezone.now(),
    }
    rows = Mark.objects.filter(pk=mark.pk, locked_at__isnull=False, value=seen)
    if rows.update(**values) != 1:
        raise Conflict(_("Het cijfer is intussen veranderd. Kijk wat er nu staat."))
    audit.record(actor, "final_mark_changed", mark, fields=("value", "remark", "change_reason"))
