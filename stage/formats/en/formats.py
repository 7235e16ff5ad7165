"""Dates the British way round; what is typed is read as in Dutch: day first, always."""

from django.conf.locale.en_GB.formats import *  # noqa: F403
from django.conf.locale.nl.formats import (  # noqa: F401
    DATE_INPUT_FORMATS,
    DATETIME_INPUT_FORMATS,
    TIME_INPUT_FORMATS,
)
