"""How the API knows who acts, that every endpoint declared who may, and how often."""

from __future__ import annotations

import time

from django.conf import settings
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.throttling import BaseThrottle

from stage.core.who.limits import Limit, source_of

WINDOW_SECONDS = 60


class ActorAuthentication(BaseAuthentication):
    """The request's actor, with Django's CSRF check; anonymous gets 401."""

    def authenticate(self, request):
        actor = getattr(request._request, "actor", None)
        if actor is None:
            return None
        SessionAuthentication().enforce_csrf(request)
        return (actor, None)

    def authenticate_header(self, request) -> str:
        return "Session"


class DeclaredAccess(BasePermission):
    """Only the audiences the view's `@allow` names; a view without one is closed."""

    def has_permission(self, request, view) -> bool:
        access = getattr(view, "access", None)
        if access is None:
            return False
        if access.public:
            return True
        return bool(request.user) and getattr(request.user, "role", None) in access.roles


def count_request(request) -> None:
    """Count a request per actor, and per network address for who is nobody.

    Called by the middleware, before the request's transaction: inside it the count would be held
    until the answer is there, and one actor's requests would wait for each other.
    """
    actor = request.actor
    who = f"{actor.kind}:{actor.id}" if actor else source_of(request)
    limit = Limit("api", amount=settings.API_REQUESTS_PER_MINUTE, seconds=WINDOW_SECONDS)
    request.within_api_limit = limit.take(who)


class ActorThrottle(BaseThrottle):
    """At most `API_REQUESTS_PER_MINUTE`; the middleware counted already."""

    def allow_request(self, request, view) -> bool:
        return request._request.within_api_limit

    def wait(self) -> float:
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS


class AlwaysJson(BaseContentNegotiation):
    """JSON, whatever the Accept header says: there is nothing else to choose from."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type
