"""Which companies a group asks."""

from __future__ import annotations

from django.db.models import Exists
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from companies import queries, services
from companies.filters import HERE, CompanyFilters
from companies.models import Company, GroupCompany
from companies.views.pool import filter_context, filtered_companies, show_words
from stage.core.enums import Audience
from stage.core.ui.filters import reads
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.schools.models import Group


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(CompanyFilters)
def group_companies(request, public_id):
    """Choose per page of the filtered list; `all` takes everything the filter finds."""
    groups = Group.objects.visible_to(request.actor).select_related("period")
    group = get_object_or_404(groups, public_id=public_id)
    if request.method == "POST":
        return _choose(request, group)
    chosen = GroupCompany.objects.visible_to(request.actor).filter(group=group)
    filters = request.filters
    rows = filtered_companies(filters).annotate(in_group=Exists(chosen.filter(**HERE)))
    if filters.chosen["alleen"]:
        rows = rows.filter(in_group=True)
    page, asks = page_of(rows, filters), queries.asked_recently()
    for company in page:
        company.asks = asks.get(company.pk)
        company.status = show_words(company.last_state)
    return render(
        request,
        "companies/group.html",
        {
            "group": group,
            "page_obj": page,
            "total": chosen.count(),
            "weeks": queries.RECENT_WEEKS,
            "only_chosen": filters.chosen["alleen"],
            **filter_context(filters),
        },
    )


def _choose(request, group):
    if request.POST.get("action") == "all":
        found = list(filtered_companies(request.filters).values_list("pk", flat=True))
        shown, chosen = found, found
    else:
        shown = _numbers(request, "shown")
        chosen = _numbers(request, "row")
    added, removed = services.choose_companies(
        group, shown=shown, chosen=chosen, actor=request.actor
    )
    words = {"added": added, "removed": removed}
    notice(request, _("Bewaard: %(added)s erbij, %(removed)s eruit.") % words)
    return redirect(request.get_full_path())


def _numbers(request, name: str) -> list[int]:
    codes = request.POST.getlist(name)
    rows = Company.objects.visible_to(request.actor).filter(public_id__in=codes)
    return list(rows.values_list("pk", flat=True))
