"""What makes the student's pages an app: manifest, icons, service worker, offline page."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import etag

from stage.core.enums import Audience
from stage.core.ui.colour import school_css
from stage.core.ui.offline import owner_mark
from stage.core.who.access import allow, public

ICONS = (
    ("icons/app-192.png", 192, "any"),
    ("icons/app-512.png", 512, "any"),
    ("icons/app-maskable-192.png", 192, "maskable"),
    ("icons/app-maskable-512.png", 512, "maskable"),
)
# Paper and hi-vis of static/css/tokens.css. A manifest has one colour; the pages name both.
PAPER, HIVIS = "#faf8f3", "#e3f526"
DAY = 24 * 60 * 60


@public("a colour, of nobody in particular")
def colour_css(request, colour):
    """The stylesheet of one colour (six hexadecimal digits), which a school or region chose."""
    try:
        sheet = school_css(f"#{colour}")
    except ValueError:
        raise Http404 from None
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={DAY}"
    return response


@public("names and icons only")
def manifest(request):
    """Lets a phone put the app on its home screen."""
    icons = [
        {"src": static(path), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for path, size, purpose in ICONS
    ]
    content = {
        "id": "/",
        "name": _("Stage"),
        "short_name": _("Stage"),
        "description": _("Je stage op je telefoon: inchecken, verslagen en opdrachten."),
        "lang": "nl",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": HIVIS,
        "categories": ["education"],
        "icons": icons,
        "shortcuts": _shortcuts(icons[0]),
    }
    response = JsonResponse(content, content_type="application/manifest+json")
    response["Cache-Control"] = f"public, max-age={DAY}"
    return response


def _shortcuts(icon: dict) -> list[dict]:
    """What a long press on the app's icon offers."""
    goals = (
        (_("Ik ben er"), "attendance:scan_typed"),
        (_("Mijn week"), "attendance:week"),
        (_("Mijn opdrachten"), "assessments:my_assignments"),
    )
    return [{"name": name, "url": reverse(goal), "icons": [icon]} for name, goal in goals]


@public("the sign of the product")
def favicon(request):
    """Browsers ask for it by this name, whatever a page says."""
    response = redirect(static("favicon.ico"), permanent=True)
    response["Cache-Control"] = f"public, max-age={DAY}"
    return response


def _script() -> bytes:
    return (settings.BASE_DIR / "static" / "js" / "sw.js").read_bytes()


def _digest(request) -> str:
    return f'"{hashlib.sha256(_script()).hexdigest()[:16]}"'


@public("a script without data")
@etag(_digest)
def service_worker(request):
    """The worker stands at the root, so that it may guard every page.

    Browsers ask for it at every visit: unchanged, they get no more than that.
    """
    return HttpResponse(
        _script(), content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@allow(Audience.STUDENT)
def queue_key(request):
    """What a phone asks before it sends what waited: who is logged in now, and the key of forms."""
    return JsonResponse({"owner": owner_mark(request), "token": get_token(request)})


@public("says that there is no network, nothing else")
def offline(request):
    """What the service worker shows without a network."""
    return render(request, "offline.html")
