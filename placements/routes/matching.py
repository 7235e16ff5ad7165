"""Routes of applications, the matching board and the placement folder."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
