"""Dates the British way round, months in full, the clock of 24 hours as everywhere in the product.

What is typed is read as in Dutch: day first, always.
"""

from django.conf.locale.en_GB.formats import *  # noqa: F403
from django.conf.locale.nl.formats import (  # noqa: F401
    DATE_INPUT_FORMATS,
    DATETIME_INPUT_FORMATS,
    TIME_INPUT_FORMATS,
)

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y H:i"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
