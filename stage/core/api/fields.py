"""Fields as strict as their description: what the schema calls wrong is refused."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from stage.core.ui import filters

CODE = r"^[0-9A-Z]{4,20}$"
CLOCK = r"^[0-2][0-9]:[0-5][0-9]$"
DAY = r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]$"


class Reading(serializers.ModelSerializer):
    """A model read: addresses are handed out as they stand, not judged again."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.EmailField: serializers.CharField,
        models.URLField: serializers.CharField,
    }

    def get_extra_kwargs(self) -> dict:
        extra = super().get_extra_kwargs()
        for name in self.Meta.fields:  # type: ignore[attr-defined]
            extra.setdefault(name, {})["read_only"] = True
        return extra


class CodeConverter:
    """A public code in an address."""

    regex = "[0-9A-Z]{4,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@extend_schema_field({"type": "string", "pattern": CODE, "minLength": 4, "maxLength": 20})
class CodeField(serializers.CharField):
    """A public code, never a serial number."""

    default_error_messages = {"invalid": _("Dit is geen code.")}

    def to_internal_value(self, data):
        if not isinstance(data, str) or not re.fullmatch(CODE.strip("^$"), data):
            self.fail("invalid")
        return data


class WholeNumber(serializers.IntegerField):
    """Digits only: no spaces, underscores or decimals, which Python would take."""

    def to_internal_value(self, data):
        if not isinstance(data, str) or not re.fullmatch(r"-?[0-9]{1,9}", data):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "format": "date", "pattern": DAY})
class DayField(serializers.DateField):
    """A date as 2027-01-31, from 2000 up to and including 2099."""

    default_error_messages = {
        "invalid": _("Schrijf een datum als 2027-01-31, van 2000 tot en met 2099.")
    }

    def to_internal_value(self, value):
        if not isinstance(value, str) or not re.fullmatch(DAY.strip("^$"), value):
            self.fail("invalid")
        return super().to_internal_value(value)


@extend_schema_field({"type": "string", "pattern": CLOCK})
class ClockField(serializers.TimeField):
    """A time of day as 08:30, Dutch time."""

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


def weekdays(**kwargs) -> serializers.ListField:
    """Days of the week, 1 for Monday to 7 for Sunday."""
    day = serializers.IntegerField(min_value=1, max_value=7)
    return serializers.ListField(child=day, help_text=_("1 is maandag, 7 is zondag"), **kwargs)


def parameter_of(field: Any) -> serializers.Field:
    """A filter of a list (`stage.core.ui.filters`) as a parameter of the API, as bounded."""
    match field:
        case filters.Thing():
            return CodeField(required=False)
        case filters.Day():
            return DayField(required=False)
        case filters.Choice():
            return serializers.ChoiceField(list(field.widget.choices), required=False)
        case filters.Text() | filters.Known():
            return serializers.CharField(required=False, max_length=field.max_length)
    raise TypeError(field)
