"""All routes. URL names are `<app>:<noun>_<verb>`, the keys of the permission table."""

from django.urls import include, path

urlpatterns = [
    path("", include("stage.web.urls")),
    path("accounts/", include("allauth.urls")),
]
