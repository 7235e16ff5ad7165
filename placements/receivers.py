"""Tells the companies' app what is in use of a place, which it may not look up itself."""

from __future__ import annotations

from companies.capacity import register_counter
from companies.models import Place
from placements.queries import used_places


@register_counter
def in_use(place: Place) -> int:
    """Placements and kept places; runs in the place's school."""
    return used_places([place.pk]).get(place.pk, 0)
