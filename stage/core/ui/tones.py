"""The four signals and the neutral one: each is always a colour, an icon and a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

TONE_ICONS: Mapping[str, str] = {
    "good": "check",
    "attention": "alert-triangle",
    "wrong": "alert-circle",
    "info": "info",
    "neutral": "circle",
}


@dataclass(frozen=True)
class Word:
    """A state as people read it: what `{% badge %}` shows, with an explanation beside it.

    `icon` only where it is another than the tone's.
    """

    tone: str
    label: str | StrPromise
    text: str | StrPromise = ""
    icon: str = ""


def tone_icon(tone: str) -> str:
    """The icon of a tone. Raises ValueError for a tone that does not exist."""
    if tone not in TONE_ICONS:
        raise ValueError(f"Unknown tone {tone!r}; use one of {', '.join(TONE_ICONS)}")
    return TONE_ICONS[tone]
