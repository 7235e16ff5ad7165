"""What a company confirms on the telephone, noted by who guides the student from school."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from attendance import policies
from attendance.enums import WordKind
from attendance.models import MAX_MINUTES, ConfirmedDay
from attendance.queries.unconfirmed import days_unconfirmed
from attendance.services.locks import hold_week
from placements.models import Placement
from stage.core.record import audit
from stage.core.who.policies import Conflict, require


@transaction.atomic
def note_phoned(
    placement: Placement, minutes: Mapping[date, int], *, actor, spoken_to: str
) -> list[date]:
    """Store the hours of days that the company said nothing of for two weeks; which days it were.

    Minutes 0: was not there. The company can still say otherwise, as a next version. Raises
    NotAllowed, and Conflict without a name or for a day that was confirmed meanwhile.
    """
    require(policies.settle, actor, placement)
    who = spoken_to.strip()[:120]
    if not who:
        raise Conflict(_("Schrijf op met wie van het bedrijf je sprak."))
    weeks = {day.isocalendar()[:2]: day for day in minutes}
    for _week, day in sorted(weeks.items()):
        hold_week(placement.pk, day)
    if not set(minutes) <= set(days_unconfirmed(actor, placement)):
        raise Conflict(_("Een van deze dagen is intussen bevestigd. Kijk nog een keer."))
    ConfirmedDay.objects.bulk_create(
        ConfirmedDay.about(
            placement,
            date=day,
            minutes=min(max(said, 0), MAX_MINUTES),
            kind=WordKind.PHONED,
            noted_by_id=actor.membership,
            spoken_to=who,
        )
        for day, said in sorted(minutes.items())
    )
    audit.record(actor, "days_phoned", placement, fields=["days"])
    return sorted(minutes)
