"""App configurations that load the modules which register something by being imported."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

REGISTERING = (
    *("identity", "notifications", "todos", "sections", "finding", "agenda"),
    *("receivers", "verbs"),
)


class RegisteringConfig(AppConfig):
    """Imports those of the `REGISTERING` modules that the app has."""

    def ready(self) -> None:
        for module in REGISTERING:
            if find_spec(f"{self.name}.{module}"):
                import_module(f"{self.name}.{module}")
