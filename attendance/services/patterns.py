"""What stands out in the days of a student was seen by who guides."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import policies
from attendance.models import PatternSeen
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.models.base import values_about
from stage.core.record import audit
from stage.core.who.policies import Conflict, require


@transaction.atomic
def see_pattern(placement: Placement, kind: str, until: date, *, actor) -> None:
    """Seen up to and including a day; what came after it is shown still.

    Raises NotAllowed; Conflict for a day to come.
    """
    require(policies.settle, actor, placement)
    if until > school_today():
        raise Conflict(_("Deze dag moet nog komen."))
    said = {"until": until, "by_id": actor.membership, "at": timezone.now()}
    row, made = PatternSeen.objects.select_for_update().get_or_create(
        placement=placement, kind=kind, defaults=values_about(PatternSeen, placement, **said)
    )
    if not made and row.until < until:  # an older page pressed late takes nothing back
        PatternSeen.objects.filter(pk=row.pk).update(**said)
    audit.record(actor, "pattern_seen", placement, fields=["until"])


@transaction.atomic
def unsee_pattern(placement: Placement, kind: str, until: date, *, actor) -> None:
    """It was pressed by mistake: what came up to this day is shown again. Raises NotAllowed."""
    require(policies.settle, actor, placement)
    rows = PatternSeen.objects.filter(placement=placement, kind=kind, until=until)
    if rows.update(until=until - timedelta(days=1), at=timezone.now(), by_id=actor.membership):
        audit.record(actor, "pattern_unseen", placement, fields=["until"])
