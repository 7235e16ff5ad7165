"""How the API knows who acts, and that every endpoint declared who may."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import BasePermission


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
    """Only the audiences the view's `access` names; a view without one is closed."""

    def has_permission(self, request, view) -> bool:
        access = getattr(view, "access", None)
        if access is None:
            return False
        if access.public:
            return True
        return bool(request.user) and getattr(request.user, "role", None) in access.roles
