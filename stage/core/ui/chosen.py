"""All that a list found, chosen in one go: also what stands on its other pages.

`{% choose_found page_obj query %}` in the `.bulk-bar` sends what the list was narrowed to instead
of the rows. The view reads the same rows again, with the same filters and in the actor's scope:

    asked = chosen.found(request, StudentFilters)
    rows = filtered(asked)[: chosen.MOST] if asked else rows.filter(public_id__in=...)
"""

from __future__ import annotations

from typing import TypeVar

from django.http import QueryDict

from stage.core.ui.filters import Filters

MOST = 1000
LONGEST = 2000  # of what was narrowed to, in signs
SomeFilters = TypeVar("SomeFilters", bound=Filters)


class NotUnderstood(ValueError):
    """What the list was narrowed to is not understood: better nobody than everybody."""


def found(request, form: type[SomeFilters]) -> SomeFilters | None:
    """The filters of the list, when all that it found were chosen; None when rows were ticked.

    Raises NotUnderstood: a filter that fell away would choose more than was seen.
    """
    query = request.POST.get("found", "") if request.method == "POST" else ""
    if not query:
        return None
    filters = form(QueryDict(query[:LONGEST]), actor=request.actor)
    if len(query) > LONGEST or filters.errors:
        raise NotUnderstood(query[:LONGEST])
    return filters
