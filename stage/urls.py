"""All routes. URL names are `<app>:<noun>_<verb>`, the keys of the permission table."""

from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("", include("stage.web.urls")),
    path("", include("stage.schools.urls")),
    path("bedrijven/", include("companies.urls")),
    path("stages/", include("placements.agreements.urls")),
    path("stages/", include("placements.urls")),
    path("aanwezig/", include("attendance.urls")),
    path("leren/", include("assessments.urls")),
    path("api/v1/", include("stage.web.api.urls")),
    path("accounts/", include("stage.web.routes.accounts")),
    *([path("", include("stage.devtools.urls"))] if apps.is_installed("stage.devtools") else []),
]

handler400 = "stage.web.views.errors.bad_request"
handler403 = "stage.web.views.errors.forbidden"
handler404 = "stage.web.views.errors.not_found"
handler500 = "stage.web.views.errors.server_error"
