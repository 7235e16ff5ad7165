"""Registers the app and what it adds to the shared mechanisms."""

from stage.core.registering import RegisteringConfig


class CompaniesConfig(RegisteringConfig):
    default = True
    name = "companies"
