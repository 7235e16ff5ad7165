"""The attendance list on paper: per student the days and the hours, on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import get_language

from attendance.queries.hours import HoursLine
from stage.core.models import School
from stage.schools.identity import logo_data

# Three classes; a page each, half a second of work for ten.
MOST = 90


def attendance_pdf(school: School, lines: Sequence[HoursLine], first: date, last: date) -> bytes:
    """A tagged PDF with a page or more for each placement, in the language of who asks."""
    # WeasyPrint takes seconds to load; pages that make no document should not wait for it.
    from stage.core.ui.pdf import render_pdf

    context = {
        "school_name": school.name,
        "logo_url": logo_data(school.pk),
        "lines": lines,
        "first": first,
        "last": last,
    }
    return render_pdf("pdf/attendance_list.html", context, language=get_language() or "nl")
