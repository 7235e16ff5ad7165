"""Pages that span apps."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "stage.web"
    label = "web"
    verbose_name = "Web"
