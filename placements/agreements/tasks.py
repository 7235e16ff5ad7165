"""Reminders to sign, three and ten days after the text was fixed."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from placements.agreements import mails
from placements.agreements.enums import AgreementState
from placements.agreements.models import Agreement
from placements.agreements.queries import signers
from stage.core.work.jobs import each_school, every

REMIND_AFTER = (3, 10)  # days


@every(3600)
def remind_signers() -> int:
    """Remind who has not signed; each hour, since a person gets one such mail a day at most."""
    due = _due()
    return sum(_remind(due.filter(school=school)) for school in each_school(due))


def _due() -> QuerySet[Agreement]:
    """Agreements whose text was fixed three or ten days ago and that are not signed."""
    now = timezone.now()
    due = Q()
    for days in REMIND_AFTER:
        # A day wide: an hour the job did not run is made up for by the next.
        due |= Q(
            frozen_at__lte=now - timedelta(days=days),
            frozen_at__gt=now - timedelta(days=days + 1),
        )
    return Agreement.objects.filter(due, state=AgreementState.SIGNING)


def _remind(due: QuerySet[Agreement]) -> int:
    agreements = list(due.select_related("school"))
    slots = signers.slots_of_all(agreements)
    return sum(mails.remind(agreement, slots[agreement.pk]) for agreement in agreements)
