"""The scope of a request, what no cache may keep, and how pages travel."""

from __future__ import annotations

from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.api.access import count_request
from stage.core.api.errors import concerns_api, problem
from stage.core.enums import Role
from stage.core.tenants import tenancy
from stage.core.tenants.tenancy import NOBODY
from stage.core.ui import offline
from stage.core.who import identities
from stage.core.who.access import THIRD_PARTY


class WebMiddleware:
    """Around everything: no request opens the system scope (`tenancy.for_web`)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with tenancy.for_web():
            return self.get_response(request)


class ActorMiddleware:
    """Finds out who acts and runs the view in that actor's scope.

    Routes of the log-in library keep to the log-in role's own tables: they run without a scope.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = identities.actor_of(request)
        scope = request.actor.scope if request.actor else NOBODY
        if request.path.startswith("/accounts/"):
            scope = NOBODY
        with tenancy.use(scope):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """A role that must have a second factor gets nowhere without one."""
        if concerns_api(request):
            count_request(request)
        match = request.resolver_match
        name = f"{match.namespace}:{match.url_name}" if match.namespace else match.url_name or ""
        if name.startswith(tuple(THIRD_PARTY)) or name in (
            "web:role_switch",
            "web:log_out",
            "web:language",
        ):
            return None
        if self._needs_second_factor(request):
            if concerns_api(request):
                return problem(403, _("Stel eerst een tweede code in."))
            return redirect(reverse("mfa_activate_totp"))
        return None

    def _needs_second_factor(self, request) -> bool:
        actor = request.actor
        if actor is None or actor.role not in settings.SECOND_FACTOR_ROLES:
            return False
        if actor.role not in Role.values or not request.user.is_authenticated:
            return False
        from allauth.mfa.utils import is_mfa_enabled

        with tenancy.use(NOBODY):
            return not is_mfa_enabled(request.user)


class NoStoreMiddleware:
    """Pages hold personal data: nothing keeps a copy, unless a view says otherwise."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class LoginMarkMiddleware:
    """Pages tell under which log-in they were made (see stage.core.ui.offline)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers[offline.LOGIN] = offline.login_mark(request)
        return response


class CompressMiddleware(GZipMiddleware):
    """Packs text. Django adds bytes at random, so that the length tells nothing (BREACH)."""

    TEXT = ("text/", "application/json", "application/manifest+json")

    def process_response(self, request, response):
        is_text = response.headers.get("Content-Type", "").startswith(self.TEXT)
        if response.streaming or not is_text:
            return response
        return super().process_response(request, response)
