"""Who saw or changed what: the school's audit trail, for the coordinator."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from stage.core.dutch.calendar import local_datetime, school_today
from stage.core.enums import Audience
from stage.core.models import AuditEntry, Membership
from stage.core.record import audit
from stage.core.ui.paging import PER_PAGE
from stage.core.who.access import allow
from stage.schools.models import Student
from stage.web.field_words import in_words

DAYS = 90  # how far back without a chosen day

ROLES = dict(Audience.choices)


@allow(Audience.COORDINATOR)
def audit_list(request):
    """Entries about one student, one verb or one day; the newest first."""
    actor = request.actor
    rows = AuditEntry.objects.visible_to(actor).filter(school_id=actor.school_id)
    student = _student(actor, request.GET.get("student", ""))
    if student is not None:
        rows = rows.filter(student_number=student.pk)
    if request.GET.get("verb") in audit.VERBS:
        rows = rows.filter(verb=request.GET["verb"])
    rows = _on_day(rows, request.GET.get("day", ""))
    page = Paginator(rows.order_by("-at", "id"), PER_PAGE).get_page(request.GET.get("page"))
    _name(actor, page.object_list)
    # Looking into the trail is itself something that was looked at.
    audit.record(actor, "saw_audit", school=None, student=student)
    context = {
        "page_obj": page,
        "student": student,
        "verbs": sorted(((k, str(w)) for k, w in audit.VERBS.items()), key=lambda v: v[1]),
        "filters": request.GET,
        "day": request.GET.get("day", ""),
    }
    return render(request, "web/audit_list.html", context)


def _student(actor, public_id: str) -> Student | None:
    return Student.objects.visible_to(actor).filter(public_id=public_id).first()


def _on_day(rows, text: str):
    try:
        day = date.fromisoformat(text)
    except ValueError:
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
