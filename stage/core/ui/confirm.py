"""The question before something is removed, for who has no scripts or follows the link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def confirm_removal(request: HttpRequest, *, title: str, text: str, back_url: str) -> HttpResponse:
    """A page that asks once; its button posts to the same address, the other one goes back."""
    context = {"title": title, "text": text, "confirm_label": _("Verwijder"), "back_url": back_url}
    return render(request, "ui/confirm_page.html", context)
