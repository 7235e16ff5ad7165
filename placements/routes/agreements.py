"""Routes of the agreements."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
