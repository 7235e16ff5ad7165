"""Deny by default: one decorator says who may open a page, and it is the only place.

`registry()` is built from the URLconf; a route without a declaration is an error of
`manage.py check` (stage.core.checks) and of the middleware: it answers 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url
from django.urls import URLPattern, URLResolver, get_resolver

from stage.core.enums import Audience

EVERY_ROLE = tuple(a for a in Audience.values if a != Audience.JOB)


@dataclass(frozen=True)
class Access:
    """Who may open a route and with which methods; `public` holds the reason when anybody may."""

    roles: tuple[str, ...]
    methods: tuple[str, ...]
    public: str = ""


# Routes of libraries carry no decorator: name -> why they are safe as they are.
THIRD_PARTY = {
    "account_": "allauth: password, e-mail and sessions of the person who is logged in",
    "mfa_": "allauth: second factor of the person who is logged in",
    "usersessions_": "allauth: own sessions",
}


def allow(*roles: str, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Only these audiences may open the view, only with these methods (HEAD goes with GET).

    Anonymous: sent to log in. Another role: 403. What inside the view is not visible to the actor
    is the view's own 404, by `visible_to`.
    """
    return _declare(Access(tuple(str(r) for r in roles), methods))


def public(reason: str, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Anybody may open the view; the reason is part of the declaration."""
    return _declare(Access((), methods, public=reason))


def _declare(access: Access) -> Callable:
    methods = {*access.methods, "OPTIONS"} | ({"HEAD"} if "GET" in access.methods else set())

    def decorate(view: Callable) -> Callable:
        if isinstance(view, type):
            return _declare_class(view, access)

        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not access.public:
                actor = request.actor
                if actor is None:
                    return log_in_first(request)
                if actor.role not in access.roles:
                    raise PermissionDenied
            if request.method not in methods:
                return HttpResponseNotAllowed(sorted(methods))
            return view(request, *args, **kwargs)

        guarded.access = access  # type: ignore[attr-defined]
        return guarded

    return decorate


def _declare_class(view: type, access: Access) -> type:
    """An endpoint of the API: `DeclaredAccess` reads the declaration and answers in JSON.

    A system check refuses a class that does not ask it.
    """
    view.access = access  # type: ignore[attr-defined]
    names = [method.lower() for method in access.methods]
    view.http_method_names = [*names, "head"] if "get" in names else names  # type: ignore[attr-defined]
    return view


def log_in_first(request):
    """Send an anonymous visitor to the log-in page; an htmx fragment is told to go there whole."""
    if getattr(request, "htmx", False):
        response = redirect(settings.LOGIN_URL)
        response.status_code = 204
        response["HX-Redirect"] = resolve_url(settings.LOGIN_URL)
        return response
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


@dataclass(frozen=True)
class Route:
    """One named route of the URLconf."""

    name: str
    pattern: str
    view: Callable
    access: Access | None

    @property
    def is_third_party(self) -> bool:
        return self.name.startswith(tuple(THIRD_PARTY))


def registry() -> dict[str, Route]:
    """Every route of the URLconf by name (`app:noun_verb`); unnamed ones by their pattern."""
    return {route.name: route for route in _walk(get_resolver(), "", "")}


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            view = getattr(entry.callback, "cls", entry.callback)
            name = f"{namespace}{entry.name}" if entry.name else pattern
            yield Route(name, pattern, view, getattr(view, "access", None))
