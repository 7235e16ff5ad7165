"""The attendance list: per student in days and hours, on screen, paper and as a file."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.queries.hours import Line, lines_of, listed
from stage.core.dutch.calendar import school_today, school_year, school_year_bounds
from stage.core.dutch.names import search_key
from stage.core.enums import STAFF
from stage.core.record import audit
from stage.core.ui.exports import csv_bytes, xlsx_bytes
from stage.core.ui.pictures import DAY_STATES
from stage.core.who.access import allow
from stage.schools.models import Group

PER_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allow(*STAFF, methods=("GET",))
def attendance_list(request):
    """Planned and confirmed hours, and days, of a group or of one placement; also to print."""
    rows, chosen = _chosen(request)
    first, last = chosen["first"], chosen["last"]
    on_paper = "afdruk" in request.GET
    page = Paginator(rows, 500 if on_paper else PER_PAGE).get_page(request.GET.get("page"))
    lines = lines_of(request.actor, page.object_list, first, last)
    context = {
        "page_obj": page,
        "lines": lines,
        "groups": Group.objects.visible_to(request.actor).select_related("period"),
        "one": lines[0] if chosen["stage"] and lines else None,
        "query": request.GET.urlencode(),
        **chosen,
    }
    if on_paper:
        audit.record(request.actor, "printed_attendance_list")
    name = "attendance/list_print.html" if on_paper else "attendance/list.html"
    return render(request, name, context)


def _chosen(request) -> tuple:
    """The rows and what was chosen: group, placement, search and dates."""
    get = request.GET
    begin, end = school_year_bounds(school_year(school_today()))
    first, last = _day(get.get("van"), begin), _day(get.get("tot"), end)
    first, last = min(first, last), max(first, last)
    # More than two years at once helps nobody and costs much.
    last = min(last, first + timedelta(days=800))
    rows = listed(request.actor, first, last)
    group, stage, text = get.get("groep", ""), get.get("stage", ""), get.get("q", "").strip()
    if group:
        rows = rows.filter(student__in=_members(request.actor, group))
    if stage:
        rows = rows.filter(public_id=stage)
    if text:
        rows = rows.filter(student__search_name__contains=search_key(text))
    chosen = {"first": first, "last": last, "group": group, "stage": stage, "q": text}
    return rows, chosen


def _members(actor, public_id: str):
    group = Group.objects.visible_to(actor).filter(public_id=public_id).first()
    if group is None:
        raise Http404
    return group.members.values("student")


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


@allow(*STAFF)
def list_export(request, kind):
    """The same rows, a line per day, for a spreadsheet."""
    rows, chosen = _chosen(request)
    lines = lines_of(request.actor, rows, chosen["first"], chosen["last"])
    headings = [
        _("Leerling"), _("Klas"), _("Bedrijf"), _("Stagebegeleider"), _("Datum"),
        _("Van"), _("Tot"), _("Binnen om"), _("Wat"), _("Uren gepland"), _("Uren bevestigd"),
    ]  # fmt: skip
    table = [cells for line in lines for cells in _cells(line)]
    title = _("Presentielijst")
    audit.record(request.actor, "exported_attendance_list")
    if kind == "csv":
        response = HttpResponse(csv_bytes(headings, table), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(xlsx_bytes(title, headings, table), content_type=XLSX)
    name = f"presentielijst-{school_today().isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(line: Line):
    p = line.placement
    for day in line.days:
        at = timezone.localtime(day.check_in.at) if day.check_in else None
        yield [
            p.student.full_name,
            p.student.school_class,
            p.company.name,
            p.teacher.name if p.teacher else "",
            day.date,
            f"{day.planned.day_from:%H:%M}" if day.planned else "",
            f"{day.planned.day_to:%H:%M}" if day.planned else "",
            f"{at:%H:%M}" if at else "",
            str(DAY_STATES[day.state][0]),
            round(day.planned_minutes / 60, 2),
            "" if day.confirmed is None else round(day.confirmed / 60, 2),
        ]
