"""Registers the app and what it adds to the shared mechanisms."""

from stage.core.registering import RegisteringConfig


class AgreementsConfig(RegisteringConfig):
    default = True
    name = "placements.agreements"
    label = "agreements"
