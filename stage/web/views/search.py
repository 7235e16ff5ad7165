"""Search in everything: the page, of which the box at the top of each page shows the same part."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from stage.core.enums import Audience
from stage.core.ui import finding
from stage.core.ui.filters import Choice, ListFilters, Text, reads
from stage.core.ui.parts import render_page
from stage.core.who.access import allow

FINDERS = (Audience.COORDINATOR, Audience.TEACHER, Audience.BUREAU)


class SearchFilters(ListFilters):
    """What is looked for, and maybe of one kind only."""

    q = Text()
    soort = Choice(choices=finding.kinds)


@allow(*FINDERS)
@reads(SearchFilters)
def search(request) -> HttpResponse:
    """Students, companies, placements, letters and more, as far as the actor may see them."""
    text, kind = request.filters.chosen["q"], request.filters.chosen["soort"]
    groups = finding.find(request.actor, text, kind)
    for group in groups:
        group.url = _all_of(group, text, is_alone=bool(kind))
    context = {
        "q": text,
        "groups": groups,
        "total": sum(group.total for group in groups),
        "too_short": finding.is_too_short(text),
        "kinds": [source.label for source in finding.sources_of(request.actor)],
        "kind": kind,
    }
    return render_page(request, "web/search.html", context)


def _all_of(group: finding.Group, text: str, *, is_alone: bool) -> str:
    """Where all of a group stand: its list, or this page with more of that kind."""
    if group.url:
        return f"{group.url}?{urlencode({'q': text})}"
    if is_alone:
        return ""
    return f"{reverse('web:search')}?{urlencode({'q': text, 'soort': group.key})}"
