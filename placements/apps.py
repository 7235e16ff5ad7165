"""Registers the app and what it adds to the shared mechanisms."""

from importlib import import_module

from stage.core.registering import RegisteringConfig

AGREEMENTS = ("notifications", "todos", "tasks", "papers", "receivers", "sections")


class PlacementsConfig(RegisteringConfig):
    default = True
    name = "placements"

    def ready(self) -> None:
        """Also load what the agreements register."""
        super().ready()
        for module in AGREEMENTS:
            import_module(f"placements.agreements.{module}")
