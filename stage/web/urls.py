"""Routes of pages that span apps."""

from django.urls import path

from stage.web.views import entrance

app_name = "web"
urlpatterns = [
    path("", entrance.home, name="home"),
    path("inloggen/", entrance.login, name="login"),
    path("l/<str:token>/", entrance.link_open, name="link_open"),
]
