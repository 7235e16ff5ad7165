"""What everybody may read about the product itself: privacy and accessibility."""

from __future__ import annotations

from django.shortcuts import render

from stage.core.who.access import public


@public("says nothing about anybody")
def privacy(request):
    """Which data there is, who sees it and where to go with a question."""
    return render(request, "web/privacy.html")


@public("says nothing about anybody")
def accessibility(request):
    """How far WCAG 2.2 AA is met, what is known to be hard, and whom to tell."""
    return render(request, "web/accessibility.html")
