"""What spans apps and can be found from every page: groups, and pages by their name."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy

from stage.core.dutch.names import search_key
from stage.core.enums import Audience
from stage.core.ui import finding
from stage.core.ui.finding import Finding, Found
from stage.schools.models import Group
from stage.web.navigation import ENTRIES, Entry


@finding.source("groups", gettext_lazy("Groepen"), Audience.COORDINATOR, order=55, icon="list")
def groups(actor, text: str) -> Finding:
    """Groups by name or period."""
    rows = Group.objects.visible_to(actor)
    rows = rows.filter(name__icontains=text) | rows.filter(period__name__icontains=text)
    rows = rows.order_by("-period__starts", "name", "pk")
    return Finding(rows.values("public_id", "name", "period__name"), _group)


def _group(row: dict) -> Found:
    url = reverse("web:group_show", args=[row["public_id"]])
    return Found(row["name"], url, row["period__name"])


@finding.source(
    "pages",
    gettext_lazy("Pagina's"),
    *(Audience.COORDINATOR, Audience.TEACHER, Audience.BUREAU),
    order=70,
    icon="arrow-right",
)
def pages(actor, text: str) -> Finding:
    """Pages of the menu, also those that stand under another."""
    key = search_key(text)
    found = (entry for entry in _entries(actor.role) if key in search_key(str(entry.label)))
    return Finding(known=[Found(str(e.label), reverse(e.name)) for e in found])


def _entries(role: str) -> Iterator[Entry]:
    for entry in ENTRIES.get(role, ()):
        yield entry
        yield from entry.children
