"""What the school says of a day at work: that an arrival was none, and an answer to a report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class WrongCheckInForm(forms.Form):
    """Why an arrival does not count."""

    why = forms.CharField(
        label=_("Waarom klopt deze aanmelding niet?"),
        max_length=200,
        error_messages={"required": _("Schrijf op waarom. Wie later kijkt, leest dat.")},
    )


class AnswerForm(forms.Form):
    """A line back to a day report; a thumb up needs none."""

    line = forms.CharField(
        label=_("Wil je iets terugzeggen?"),
        max_length=300,
        required=False,
        help_text=_("Mag leeg blijven. De leerling leest het op de eigen startpagina."),
    )
