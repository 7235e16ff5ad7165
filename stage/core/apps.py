"""The core: schools, people, curriculum, and the mechanisms every app shares."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "stage.core"
    label = "core"
    verbose_name = "Kern"
