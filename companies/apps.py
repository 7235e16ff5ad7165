"""Registers the app and what it adds to the shared mechanisms."""

from importlib import import_module

from stage.core.registering import RegisteringConfig


class CompaniesConfig(RegisteringConfig):
    default = True
    name = "companies"

    def ready(self) -> None:
        super().ready()
        import_module("companies.loading")
