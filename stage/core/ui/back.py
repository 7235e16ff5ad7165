"""Where a page may send somebody on to: addresses of our own only."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme


def is_own(request, url: str) -> bool:
    """Whether an address is a path of this site or an absolute address on this host."""
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def next_of(request, fallback: str) -> str:
    """The `next` the visitor came with, if it is a path of this site."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if url.startswith("/") and is_own(request, url) else fallback


def page_before(request) -> str:
    """The path of the page the visitor came from, or the start."""
    url = request.headers.get("Referer", "")
    if not url or not is_own(request, url):
        return "/"
    parts = urlsplit(url)
    # One slash: two would make the rest of the path the name of another site.
    return "/" + parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
