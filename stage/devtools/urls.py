"""Routes of the demo; none where the demo's pages are off or the place looks like production."""

from django.conf import settings
from django.urls import path

from stage.core.checks import looks_like_production
from stage.devtools.views import demo, style

_PAGES = [
    path("demo/postbus/", demo.demo_mailbox, name="demo_mailbox"),
    path("demo/postbus/<str:name>/", demo.demo_mail, name="demo_mail"),
    path(
        "demo/postbus/<str:name>/bijlage/<int:number>/",
        demo.demo_attachment,
        name="demo_attachment",
    ),
    path("demo/inloggen/", demo.demo_logins, name="demo_logins"),
    path("stijl/", style.style_guide, name="style_guide"),
]
app_name = "devtools"
urlpatterns = _PAGES if settings.DEMO_PAGES and not looks_like_production() else []
