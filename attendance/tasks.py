"""Periodic work of attendance."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from attendance.days import parse_week, week_of
from attendance.notifications import queue_week
from attendance.queries.alarms import may_be_missing
from attendance.queries.letters import in_week, to_ask
from attendance.services import alarms
from companies.models import Contact
from stage.core.dutch.calendar import AMSTERDAM, school_today
from stage.core.who.actors import job_at
from stage.core.work.jobs import each_school, every

ASK_FROM = (5, time(14, 0))  # Friday, 14:00 on the Dutch clock


@every(900)
def ask_for_weeks() -> None:
    """From Friday 14:00 ask every supervisor for their word on the week; once per person."""
    now = timezone.now().astimezone(AMSTERDAM)
    if is_time(now):
        week = week_of(now.date())
        span = parse_week(week)
        for school in each_school(in_week(span)):
            wanted = to_ask(job_at(school), week, span)
            queue_week(Contact.objects.filter(pk__in=wanted).order_by("pk"), week, school)


@every(60)
def raise_alarms() -> None:
    """Tell who guides that a student was not seen; at schools where that may be so now."""
    rows = may_be_missing(school_today(), timezone.now())
    for school in each_school(rows):
        alarms.raise_alarms(school)


def is_time(now: datetime) -> bool:
    """Whether the week may be asked for: on Friday from 14:00, and in the weekend after."""
    weekday, clock = ASK_FROM
    return (now.isoweekday(), now.time()) >= (weekday, clock)
