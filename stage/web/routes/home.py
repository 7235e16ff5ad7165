"""The home page of each role."""

from django.urls import path

from stage.web.views import home

urlpatterns = [
    path("", home.home, name="home"),
    path("stage/", home.student_stage, name="student_stage"),
    path("matchen/", home.match_start, name="match_start"),
    path("ik/", home.me, name="me"),
]
