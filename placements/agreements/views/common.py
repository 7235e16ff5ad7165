"""What the agreement's pages share."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from companies.school_line import line_of
from placements.agreements import policies
from placements.agreements.models import Agreement
from placements.agreements.queries import reading, summary
from stage.core.ui.filters import Choice, Filters
from stage.core.who.policies import require


class AsText(Filters):
    """How the text is shown: folded, or all of it (`alles`)."""

    instead = ""
    alles = Choice(choices=[("ja", "ja")])


def find(request, public_id: str) -> Agreement:
    """An agreement the actor may read: 404 when it cannot be seen, 403 when it may not be read."""
    rows = Agreement.objects.visible_to(request.actor)
    rows = rows.select_related("placement", "company", "school")
    rows = rows.prefetch_related("answers", "articles")
    agreement = get_object_or_404(rows, public_id=public_id)
    require(policies.may_read, request.actor, agreement)
    return agreement


def frame(request, agreement: Agreement) -> dict:
    """Layout and form of address: a student's phone, one quiet page, or the desk."""
    actor = request.actor
    layout = "layouts/desk.html"
    if actor.is_student:
        layout = "layouts/phone.html"
    elif actor.is_company or actor.is_guardian:
        layout = "layouts/company.html"
    return {
        "layout": layout,
        "agreement": agreement,
        "company_name": agreement.company.name,
        "school_name": agreement.school.name,
        "formal": actor.is_company or actor.is_guardian,
        "is_desk": actor.is_staff,
        "is_coordinator": actor.is_coordinator,
    }


def text_of(request, agreement: Agreement) -> dict:
    """The text as a page shows it: six lines, and the whole of it, folded until all is asked."""
    return {
        "lines": summary.six_lines(agreement),
        "reading": reading.read(agreement),
        "unfolded": bool(request.filters.chosen["alles"]),
        "school_line": line_of(agreement),
    }
