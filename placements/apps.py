"""Registers the app and what it adds to the shared mechanisms."""

from stage.core.registering import RegisteringConfig


class PlacementsConfig(RegisteringConfig):
    default = True
    name = "placements"
