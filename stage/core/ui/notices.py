"""What a page says after an action, with the way back."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

LEVELS = {
    "good": messages.SUCCESS,
    "info": messages.INFO,
    "attention": messages.WARNING,
    "wrong": messages.ERROR,
}
TONES = {level: tone for tone, level in LEVELS.items()} | {messages.DEBUG: "info"}
UNDO = "undo:"


def notice(request: HttpRequest, text: str, *, tone: str = "good", undo_url: str = "") -> None:
    """Show `text` on the next page; with `undo_url`, a button that posts there.

    What a phone sends after waiting for a network gets it in its answer instead.
    Raises KeyError for a tone that does not exist.
    """
    given = getattr(request, "notices_given", None)
    if given is not None:
        # Sent by a phone on its own (`once`): nobody is looking at a page.
        given.append((tone, text))
        return
    extra = f"{UNDO}{undo_url}" if undo_url else ""
    messages.add_message(request, LEVELS[tone], text, extra_tags=extra, fail_silently=True)


def tone_of(message: Message) -> str:
    """The tone of a stored message, also of one made with messages.success() and the like."""
    return TONES.get(message.level, "info")


def undo_url_of(message: Message) -> str:
    """Where "Ongedaan maken" posts to; "" when there is no way back. Own paths only."""
    for tag in (message.extra_tags or "").split():
        url = tag.removeprefix(UNDO)
        if tag.startswith(UNDO) and url.startswith("/") and not url.startswith("//"):
            return url
    return ""
