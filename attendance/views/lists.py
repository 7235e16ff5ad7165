"""The attendance list: per student in days and hours, on screen, paper and as a file."""

from __future__ import annotations

from datetime import timedelta

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance import documents
from attendance.days import Day
from attendance.filters import HourFilters
from attendance.queries.disputes import disputes_of
from attendance.queries.folder import withdrawn_of
from attendance.queries.hours import HoursLine, lines_of, listed
from stage.core.dutch.calendar import school_today, school_year, school_year_bounds
from stage.core.dutch.names import search_key
from stage.core.enums import STAFF
from stage.core.record import audit
from stage.core.ui.download import PDF, download, list_file
from stage.core.ui.filters import reads
from stage.core.ui.notices import notice
from stage.core.ui.paging import PER_PAGE, PER_PAGE_ON_PAPER, page_of
from stage.core.ui.pictures import DAY_STATES
from stage.core.who.access import allow
from stage.schools.guidance import guides
from stage.schools.models import Group


@allow(*STAFF, methods=("GET",))
@reads(HourFilters, kept_as=gettext_lazy("Presentielijst"))
def attendance_list(request):
    """Planned and confirmed hours, and days, of a group or of one placement; also to print."""
    filters = request.filters
    rows, first, last = _chosen(filters)
    on_paper = filters.chosen["afdruk"]
    page = page_of(rows, filters, PER_PAGE_ON_PAPER if on_paper else PER_PAGE)
    lines = lines_of(request.actor, page.object_list, first, last)
    one = lines[0] if filters.chosen["stage"] and lines else None
    context = {
        "page_obj": page,
        "lines": lines,
        "any_off": any(line.called_off for line in lines),
        "groups": Group.objects.visible_to(request.actor).select_related("period"),
        "one": one,
        "wrong_of": one.placement if one and guides(request.actor, one.placement) else None,
        "withdrawn": withdrawn_of(request.actor, one.placement) if one else [],
        "disputes": disputes_of(request.actor, one.placement) if one else [],
        "query": filters.query(),
        "filters": filters.shown,
        "first": first,
        "last": last,
    }
    if on_paper:
        audit.record(request.actor, "printed_attendance_list")
    name = "attendance/list_print.html" if on_paper else "attendance/list.html"
    return render(request, name, context)


def _chosen(filters: HourFilters) -> tuple:
    """The rows, and the first and last day."""
    chosen, actor = filters.chosen, filters.actor
    begin, end = school_year_bounds(school_year(school_today()))
    first, last = chosen["van"] or begin, chosen["tot"] or end
    first, last = min(first, last), max(first, last)
    # More than two years at once helps nobody and costs much.
    last = min(last, first + timedelta(days=800))
    rows = listed(actor, first, last)
    if chosen["groep"]:
        rows = rows.filter(student__in=chosen["groep"].members.values("student"))
    if chosen["stage"]:
        rows = rows.filter(pk=chosen["stage"].pk)
    if chosen["q"]:
        rows = rows.filter(student__search_name__contains=search_key(chosen["q"]))
    return rows, first, last


@allow(*STAFF)
@reads(HourFilters)
def list_export(request, kind):
    """The same rows, a line per day, for a spreadsheet."""
    if request.filters.errors:
        return request.filters.page_that_says_so("attendance:list")
    rows, first, last = _chosen(request.filters)
    lines = lines_of(request.actor, rows, first, last)
    headings = [
        _("Leerling"), _("Klas"), _("Bedrijf"), _("Stagebegeleider"), _("Datum"),
        _("Van"), _("Tot"), _("Binnen om"), _("Weg om"), _("Wat"),
        _("Uren gepland"), _("Uren bevestigd"), _("Uren gewerkt"),
        _("Uren gemist"), _("Uren ingehaald"), _("In plaats van"),
    ]  # fmt: skip
    table = [cells for line in lines for cells in _cells(line)]
    audit.record(request.actor, "exported_attendance_list")
    name = f"presentielijst-{school_today().isoformat()}"
    return list_file(kind, name, _("Presentielijst"), headings, table)


@allow(*STAFF)
@reads(HourFilters)
def list_paper(request):
    """The same rows as a PDF, a page for each student."""
    if request.filters.errors:
        return request.filters.page_that_says_so("attendance:list")
    rows, first, last = _chosen(request.filters)
    count = rows.count()
    if not 0 < count <= documents.MOST:
        words = _("Geen leerlingen gevonden voor een PDF.")
        if count:
            words = _(
                "In een PDF passen %(most)s leerlingen, dit zijn er %(count)s. Kies een groep."
            )
            words %= {"most": documents.MOST, "count": count}
        notice(request, words, tone="wrong")
        return redirect(f"{reverse('attendance:list')}?{request.filters.query()}")
    lines = lines_of(request.actor, rows, first, last)
    data = documents.attendance_pdf(lines[0].placement.school, lines, first, last)
    audit.record(request.actor, "exported_attendance_list")
    return download(data, f"presentielijst-{school_today().isoformat()}.pdf", PDF)


def _hours_of(day: Day) -> tuple[int, int, int]:
    """Minutes worked, missed and caught up."""
    return day.worked_minutes, day.missed_minutes, day.caught_up_minutes


def _cells(line: HoursLine):
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
            f"{timezone.localtime(day.out_at):%H:%M}" if day.out_at else "",
            str(DAY_STATES[day.state][0]),
            round(day.planned_minutes / 60, 2),
            "" if day.confirmed is None else round(day.confirmed / 60, 2),
            *(round(n / 60, 2) if n else "" for n in _hours_of(day)),
            (day.planned and day.planned.instead_of) or "",
        ]
