"""What every page's template may use."""

from __future__ import annotations

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from stage.core.tenants.tenancy import NOBODY, use
from stage.core.ui import offline
from stage.web.navigation import navigation, site


def page(request) -> dict:
    """`actor`, `nav`, `site`, `csp_nonce` (the name django-htmx looks for), `demo_pages`,
    `login_mark`, `owner_mark`."""
    actor = getattr(request, "actor", None)

    def seen_by_actor(build):
        # Pages of the log-in library run without a scope; their menu is the actor's all the same.
        with use(actor.scope if actor else NOBODY):
            return build(request)

    return {
        "actor": actor,
        "nav": SimpleLazyObject(lambda: seen_by_actor(navigation)),
        "site": SimpleLazyObject(lambda: seen_by_actor(site)),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "demo_pages": settings.DEMO_PAGES,
        "login_mark": offline.login_mark(request),
        "owner_mark": offline.owner_mark(request),
    }
