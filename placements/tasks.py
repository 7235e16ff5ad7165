"""What goes by itself: unanswered applications expire, placements follow the calendar."""

from __future__ import annotations

from django.utils import timezone

from placements import services
from placements.enums import ApplicationState
from placements.models import Application
from stage.core.dutch.calendar import school_today
from stage.core.who.actors import job_at
from stage.core.work.jobs import each_school, every


@every(3600)
def expire_unanswered() -> int:
    """Close applications that companies left unanswered; returns how many."""
    now = timezone.now()
    schools = each_school(services.unanswered_too_long(now))
    return sum(services.expire_applications(now=now, actor=job_at(s)) for s in schools)


@every(3600)
def bring_back_parked() -> int:
    """Applications that rest for a yes that is gone ask again; returns how many."""
    parked = Application.objects.filter(state=ApplicationState.PARKED)
    return sum(services.bring_back_stranded(actor=job_at(s)) for s in each_school(parked))


@every(1800)
def follow_calendar() -> int:
    """Start and finish placements by date; returns how many."""
    today = school_today()
    schools = each_school(*services.to_advance(today))
    return sum(services.advance_placements(today=today, actor=job_at(s)) for s in schools)
