"""A student reads the assessment and reacts to it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from assessments import queries
from assessments.forms import ReactionForm
from assessments.models import Assessment
from assessments.services import judging as services
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict


@allow(Audience.STUDENT, methods=("GET", "POST"))
def assessment_show(request, public_id):
    """What the company thinks of your placement, in plain words; agree or say something, once."""
    rows = Assessment.objects.visible_to(request.actor).select_related("company", "placement")
    row = get_object_or_404(rows, public_id=public_id)
    form = ReactionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.react_to_assessment(
                row,
                agrees=form.cleaned_data["agrees"] == "yes",
                comment=form.cleaned_data["comment"],
                actor=request.actor,
            )
            notice(request, _("Je reactie is bewaard. Je stagebegeleider leest die ook."))
        except Conflict as error:
            notice(request, str(error), tone="attention")
        return redirect("assessments:assessment_show", row.public_id)
    context = {
        "assessment": row,
        "lines": queries.lines_of(request.actor, row),
        "outcome": queries.outcome_words(row),
        "form": form,
    }
    return form_page(request, "assessments/assessment_show.html", context)
