"""What a school said about itself, and what letters and agreements still miss of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from stage.schools.models import SchoolSettings

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# Field of the settings -> what it is called in a sentence.
NEEDED: dict[str, StrPromise] = {
    "street": _("straat en nummer"),
    "postcode": _("postcode"),
    "city": _("plaats"),
    "telephone": _("telefoonnummer"),
    "represented_by": _("wie de school vertegenwoordigt"),
    "representative_function": _("de functie van wie tekent"),
}


def gaps(settings: SchoolSettings) -> list[str]:
    """What is not filled in, in words."""
    return [str(words) for name, words in NEEDED.items() if not getattr(settings, name).strip()]
