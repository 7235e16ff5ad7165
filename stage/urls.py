"""All routes. URL names are `<app>:<noun>_<verb>`, the keys of the permission table."""

from django.urls import include, path

urlpatterns = [
    path("", include("stage.web.urls")),
    path("bedrijven/", include("companies.urls")),
    path("stages/", include("placements.urls")),
    path("aanwezig/", include("attendance.urls")),
    path("leren/", include("assessments.urls")),
    path("accounts/", include("allauth.urls")),
]
