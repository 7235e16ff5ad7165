"""What attendance adds to the folder of a placement and to the settings of a school."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from attendance import queries
from attendance.days import Day, hours_text
from attendance.enums import COUNTING_PLACEMENTS
from attendance.models import DayReport
from attendance.queries.answers import with_fixed
from attendance.queries.disputes import disputes_of
from attendance.queries.folder import total_minutes
from attendance.queries.missed import missed_of
from attendance.queries.report_parts import with_parts
from attendance.queries.strips import strips_of
from attendance.settings_form import AttendanceSettingsForm
from placements import this_week
from placements.policies import asks_change, leads
from placements.queries import planned_days
from stage.core.ui import sections
from stage.schools import guidance
from stage.schools.forms import settings_page

settings_page.add(
    AttendanceSettingsForm,
    card="students",
    order=20,
    fields=(
        *("way", "late_after_minutes", "offline_hours", "guardians_hear"),
        *("alarm_after_minutes", "alarm_next_minutes", "alarm_guardians"),
    ),
)


this_week.told_by(strips_of)


def _may_read(actor, placement) -> bool:
    """A colleague sees name, class and place; a visitor who proved nothing sees no student."""
    if actor.is_staff:
        return bool(guidance.guides(actor, placement))
    return actor.proven and not actor.is_bureau


def _days(actor, placement) -> list[Day]:
    """All days of the placement, read once for the parts of one page."""
    known = placement.__dict__.setdefault("_days_read", {})
    who = (actor.kind, actor.id, actor.role)
    if who not in known:
        plan = planned_days(actor, placement)
        found = queries.days_of(actor, [placement], placement.starts, placement.ends, plan=plan)
        known[who] = found[placement.pk]
    return known[who]


@sections.of("placement", order=30, key="days", label=_("Dagverslagen"))
def day_reports(actor, placement) -> tuple[str, dict] | None:
    """The student's day reports, newest first."""
    if not _may_read(actor, placement):
        return None
    rows = DayReport.objects.visible_to(actor).filter(placement=placement)
    reports = with_parts(actor, with_fixed(rows))
    shows = placement.student_id in queries.photos_allowed(actor, [placement])
    context = {"reports": reports, "shows_photos": shows, "is_own": actor.is_student}
    return "attendance/_section_reports.html", context


@sections.of("placement", order=35, key="missed", label=_("Gemiste dagen"))
def missed_days(actor, placement) -> tuple[str, dict] | None:
    """Days that were missed or did not go through, and what becomes of each."""
    if not _may_read(actor, placement) or placement.state not in COUNTING_PLACEMENTS:
        return None
    rows = missed_of(actor, [placement], days={placement.pk: _days(actor, placement)})[placement.pk]
    if not rows:
        return None
    context = {
        "rows": rows,
        "placement": placement,
        "decides": bool(leads(actor, placement)),
        "proposes": not placement.is_over and bool(asks_change(actor, placement)),
    }
    return "attendance/_section_missed.html", context


@sections.of("placement", order=40, key="attendance", label=_("Aanwezigheid"))
def attendance(actor, placement) -> tuple[str, dict] | None:
    """All days with their hours."""
    if not _may_read(actor, placement):
        return None
    days = _days(actor, placement)
    planned, confirmed = total_minutes(days)
    missed = sum(d.missed_minutes for d in days)
    total = sum(d.planned_minutes for d in days)
    context = {
        "placement": placement,
        "wrong_of": placement if actor.is_staff else None,
        "days": days,
        # Between student, company and school: a guardian sees the day.
        "disputes": disputes_of(actor, placement) if actor.is_staff or actor.is_company else [],
        "strip": [(d.date, d.state) for d in days][-10:],
        "planned_hours": hours_text(planned),
        "confirmed_hours": hours_text(confirmed),
        "total_hours": hours_text(total),
        "worked_hours": hours_text(sum(d.worked_minutes for d in days)),
        "missed_hours": hours_text(missed) if missed else "",
        "caught_up_hours": hours_text(sum(d.caught_up_minutes for d in days)),
    }
    return "attendance/_section_attendance.html", context
