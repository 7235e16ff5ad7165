"""Kinds of form fields that the facts of an agreement are asked with: each takes its label."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from stage.core.ui.forms import Radios, TimeInput

Kind = Callable[..., forms.Field]

POSTCODE = RegexValidator(r"^\s*[1-9]\d{3}\s?[A-Za-z]{2}\s*$", _("Schrijf het zo: 1234 AB."))
TELEPHONE = RegexValidator(r"^[\d +()\-]{8,20}$", _("Schrijf alleen cijfers, minstens acht."))


class PostcodeField(forms.CharField):
    """A postcode, however it was typed; "1234 AB" comes out."""

    def clean(self, value) -> str:
        text = super().clean(value).upper().replace(" ", "")
        return f"{text[:4]} {text[4:]}".strip()


def text(size: int, **kwargs) -> Kind:
    """One line."""
    return lambda label: forms.CharField(label=label, max_length=size, **kwargs)


def lines(size: int, rows: int, **kwargs) -> Kind:
    """More lines; `rows` of them are in sight."""
    return lambda label: forms.CharField(
        label=label, max_length=size, widget=forms.Textarea({"rows": rows}), **kwargs
    )


def number(least: int, most: int) -> Kind:
    """A whole number."""
    return lambda label: forms.IntegerField(label=label, min_value=least, max_value=most)


def clock(label) -> forms.Field:
    """A time of day."""
    return forms.TimeField(label=label, widget=TimeInput)


def one_of(choices) -> Kind:
    """One of a few, all in sight."""
    return lambda label: forms.ChoiceField(label=label, choices=choices, widget=Radios)


def picked(choices) -> Kind:
    """One of a few or none, in a list that opens."""
    return lambda label: forms.ChoiceField(label=label, choices=choices, required=False)


def street(label) -> forms.Field:
    """Street and number."""
    widget = forms.TextInput({"autocomplete": "address-line1"})
    return forms.CharField(label=label, max_length=120, widget=widget)


def postcode(label) -> forms.Field:
    """A Dutch postcode."""
    widget = forms.TextInput({"autocomplete": "postal-code"})
    return PostcodeField(label=label, max_length=8, validators=[POSTCODE], widget=widget)


def telephone(**kwargs) -> Kind:
    """A telephone number."""
    widget = forms.TextInput({"autocomplete": "tel", "inputmode": "tel"})
    return lambda label: forms.CharField(
        label=label, max_length=20, validators=[TELEPHONE], widget=widget, **kwargs
    )
