"""What every page's template may use."""

from __future__ import annotations

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from stage.web.navigation import navigation, site


def page(request) -> dict:
    """`actor`, `nav`, `site`, `csp_nonce` (the name django-htmx looks for), `demo_pages`."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "nav": SimpleLazyObject(lambda: navigation(request)),
        "site": SimpleLazyObject(lambda: site(request)),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "demo_pages": settings.DEMO_PAGES,
    }
