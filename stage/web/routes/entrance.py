"""Getting in and out, files, and what is not about anybody."""

from django.urls import path

from stage.web.views import entrance

urlpatterns = [
    path("inloggen/", entrance.login, name="login"),
    path("l/<str:token>/", entrance.link_open, name="link_open"),
]
