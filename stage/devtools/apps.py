"""For development and the demo only: not in production's INSTALLED_APPS, nor in its image."""

from django.apps import AppConfig


class DevtoolsConfig(AppConfig):
    name = "stage.devtools"
    label = "devtools"
    verbose_name = "Ontwikkeling"
