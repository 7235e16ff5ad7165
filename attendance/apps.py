"""Registers the app and what it adds to the shared mechanisms."""

from stage.core.registering import RegisteringConfig


class AttendanceConfig(RegisteringConfig):
    default = True
    name = "attendance"
