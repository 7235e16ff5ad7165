"""What makes the student's pages an app on a phone: manifest, service worker, offline page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from stage.core.access import public

ICONS = (
    ("icons/app-192.png", 192, "any"),
    ("icons/app-512.png", 512, "any"),
    ("icons/app-maskable-512.png", 512, "maskable"),
)


@public("names and icons only")
def manifest(request):
    """Lets a phone put the app on its home screen."""
    icons = [
        {"src": static(path), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for path, size, purpose in ICONS
    ]
    content = {
        "name": _("Stage"),
        "short_name": _("Stage"),
        "lang": "nl",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf8f3",
        "theme_color": "#e3f526",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@public("a script without data")
def service_worker(request):
    """The worker stands at the root, so that it may guard every page."""
    script = (settings.BASE_DIR / "static" / "js" / "sw.js").read_bytes()
    return HttpResponse(
        script, content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@public("says that there is no network, nothing else")
def offline(request):
    """What the service worker shows without a network."""
    return render(request, "offline.html")
