"""Registers the app and what it adds to the shared mechanisms."""

from stage.core.registering import RegisteringConfig


class AssessmentsConfig(RegisteringConfig):
    default = True
    name = "assessments"
