"""Who saw or changed what: the school's audit trail, for the coordinator."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from stage.core.dutch.calendar import local_datetime, school_today
from stage.core.enums import Audience
from stage.core.models import AuditEntry, Membership
from stage.core.record import audit
from stage.core.ui.filters import Choice, Day, ListFilters, reads
from stage.core.ui.paging import uncounted_page_of
from stage.core.who.access import allow
from stage.schools.filters import student
from stage.schools.models import Student
from stage.web.field_words import in_words

DAYS = 90  # how far back without a chosen day

ROLES = dict(Audience.choices)


class AuditFilters(ListFilters):
    """About whom, what and when."""

    student = student()
    verb = Choice(choices=lambda: list(audit.VERBS.items()))
    day = Day()


@allow(Audience.COORDINATOR)
@reads(AuditFilters)
def audit_list(request):
    """Entries about one student, one verb or one day; the newest first."""
    actor, chosen = request.actor, request.filters.chosen
    rows = AuditEntry.objects.visible_to(actor).filter(school_id=actor.school_id)
    about = chosen["student"]
    if about is not None:
        rows = rows.filter(student_number=about.pk)
    if chosen["verb"]:
        rows = rows.filter(verb=chosen["verb"])
    rows = _on_day(rows, chosen["day"])
    page = uncounted_page_of(rows.order_by("-at", "id"), request.filters)
    _name(actor, page.object_list)
    # Looking into the trail is itself something that was looked at.
    audit.record(actor, "saw_audit", school=None, student=about)
    context = {
        "page_obj": page,
        "student": about,
        "verbs": sorted(((k, str(w)) for k, w in audit.VERBS.items()), key=lambda v: v[1]),
        "filters": request.filters.shown,
    }
    return render(request, "web/audit_list.html", context)


def _on_day(rows, day: date | None):
    if day is None:
        since = school_today() - timedelta(days=DAYS)
        return rows.filter(at__gte=_midnight(since))
    return rows.filter(at__gte=_midnight(day), at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day: date):
    return local_datetime(day, time(0))


def _name(actor, entries) -> None:
    """Set who did it and about whom, as known now, on every entry of the page."""
    users = {e.actor_id for e in entries if e.actor_kind == "user"}
    log_ins = list(Membership.objects.visible_to(actor).filter(user_id__in=users))
    about = {e.student_number for e in entries} | {m.student_id for m in log_ins}
    students = Student.objects.visible_to(actor).in_bulk(about - {None})
    names = {m.user_id: m.name for m in log_ins}
    names |= {
        m.user_id: students[m.student_id].full_name for m in log_ins if m.student_id in students
    }
    for entry in entries:
        known = names.get(entry.actor_id) if entry.actor_kind == "user" else ""
        entry.who = known or ROLES.get(entry.actor_role, entry.actor_role or "–")
        entry.about = students.get(entry.student_number)
        entry.what = audit.VERBS.get(entry.verb, _("deed iets"))
        entry.words = in_words(entry.fields)
