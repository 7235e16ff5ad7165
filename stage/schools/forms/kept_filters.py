"""Forms about filters that are kept under a name."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from stage.core.ui.filters import Filters, Text
from stage.schools.models.kept_filters import NAME_LENGTH


class NameForm(forms.Form):
    """How a filter is called."""

    name = forms.CharField(
        label=_("Naam van het filter"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Vul een naam in, zoals “Klas 3, nog geen plek”.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="kept_%s", **kwargs)


class KeepForm(NameForm):
    """The same, and what is kept: a list and what it is narrowed to."""

    page = forms.CharField(max_length=80, widget=forms.HiddenInput)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)


class RenameFilters(Filters):
    """The name a filter had, for who takes its new one back."""

    instead = ""
    naam = Text(max_length=NAME_LENGTH, what=_("de naam"))
