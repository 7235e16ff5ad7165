"""The picture of a company."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PictureForm(forms.Form):
    """A picture, and what is on it for who does not see it."""

    picture = forms.FileField(
        label=_("Foto"),
        help_text=_("JPG of PNG, hoogstens 12 MB. Bijvoorbeeld de gevel of de werkplaats."),
    )
    words = forms.CharField(
        label=_("Wat staat er op de foto?"),
        max_length=120,
        help_text=_("Een paar woorden, voor wie de foto niet ziet."),
    )
