"""For the school: the day reports of everybody one guides, and an answer to each."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from attendance import policies, queries, services
from attendance.day_forms import AnswerForm
from attendance.queries.answers import reports_to_read
from attendance.queries.report_parts import with_parts
from attendance.views.staff import own_placement
from stage.core.enums import STAFF
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.core.who.policies import require


@allow(*STAFF)
@reads(ListFilters)
def reports_read(request):
    """Unread first; one press says that it was read."""
    page = page_of(reports_to_read(request.actor), request.filters)
    with_parts(request.actor, page.object_list)
    placements = [report.placement for report in page.object_list]
    context = {
        "page_obj": page,
        "photos": queries.photos_allowed(request.actor, placements),
    }
    return render(request, "attendance/reports_read.html", context)


@allow(*STAFF, methods=("GET", "POST"))
def report_answer(request, public_id, day):
    """One report: a thumb up, with or without a line back."""
    placement = own_placement(request, public_id)
    require(policies.settle, request.actor, placement)
    rows = reports_to_read(request.actor)
    report = get_object_or_404(rows, placement=placement, date=day)
    with_parts(request.actor, [report])
    before = getattr(report, "answer", None)
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, initial={"line": before.line if before else ""})
    if sent is not None and form.is_valid():
        services.answer_report(report, actor=request.actor, line=form.cleaned_data["line"])
        words = {"name": placement.student.first_name}
        notice(request, _("%(name)s ziet dat je het verslag las.") % words)
        return redirect("attendance:reports_read")
    context = {
        "form": form,
        "report": report,
        "placement": placement,
        "photos": queries.photos_allowed(request.actor, [placement]),
    }
    return form_page(request, "attendance/report_answer.html", context)
