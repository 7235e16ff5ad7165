"""The home page of each role."""

from django.urls import path

from stage.web.views import home

urlpatterns = [path("", home.home, name="home")]
