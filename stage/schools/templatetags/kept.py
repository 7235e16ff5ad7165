"""The filters somebody keeps, above the list they are of; built in, no {% load %}."""

from __future__ import annotations

from django import template

from stage.schools.forms.kept_filters import KeepForm
from stage.schools.kept_filters import list_at
from stage.schools.models import KeptFilter

register = template.Library()


@register.inclusion_tag("schools/_kept_filters.html", takes_context=True)
def kept_filters(context: template.Context) -> dict:
    """Own kept filters of this list, and keeping the one that is on; first inside `results`.

    The view says `@reads(..., kept_as=...)`.
    """
    request = context["request"]
    page, filters = request.resolver_match.view_name, request.filters
    if list_at(page, request.actor) is None:
        return {}
    query = filters.to_keep()
    rows = list(KeptFilter.objects.visible_to(request.actor).present().filter(page=page))
    kept = [(row, row.query == query) for row in rows]
    new = filters.is_on and not any(current for _row, current in kept)
    return {
        "kept": kept,
        "form": KeepForm(initial={"page": page, "query": query}) if new else None,
        "csrf_token": context.get("csrf_token"),
    }
