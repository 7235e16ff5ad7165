"""The four signals and the neutral one: each is always a colour, an icon and a word."""

from collections.abc import Mapping

TONE_ICONS: Mapping[str, str] = {
    "good": "check",
    "attention": "alert-triangle",
    "wrong": "alert-circle",
    "info": "info",
    "neutral": "circle",
}


def tone_icon(tone: str) -> str:
    """The icon of a tone. Raises ValueError for a tone that does not exist."""
    if tone not in TONE_ICONS:
        raise ValueError(f"Unknown tone {tone!r}; use one of {', '.join(TONE_ICONS)}")
    return TONE_ICONS[tone]
