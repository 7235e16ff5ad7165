"""Codes that are typed, and the screens that show them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from companies.models import POSTER_LENGTH, TYPED_LENGTH
from stage.core.ui.forms import CodeInput
from stage.core.who.codes import normalise_code


class TypedCodeForm(forms.Form):
    """The code under the QR: six signs, or all ten of a poster from before."""

    code = forms.CharField(
        label=_("Typ de code"),
        help_text=_("Zes tekens, onder het vierkante plaatje."),
        max_length=24,
        widget=CodeInput(attrs={"inputmode": "text", "autocomplete": "off"}, length=10),
    )

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])[:20]
        if len(code) not in (TYPED_LENGTH, POSTER_LENGTH):
            words = ngettext(
                "Je hebt %(count)s teken, het zijn er %(wanted)s.",
                "Je hebt %(count)s tekens, het zijn er %(wanted)s.",
                len(code),
            )
            # Who is beyond six reads from a poster with the whole code.
            wanted = TYPED_LENGTH if len(code) < TYPED_LENGTH + 2 else POSTER_LENGTH
            raise forms.ValidationError(words % {"count": len(code), "wanted": wanted})
        return code


class PairForm(forms.Form):
    """The code that a company's contact was shown, typed on the screen itself."""

    code = forms.CharField(
        label=_("Code van het scherm"),
        max_length=24,
        widget=CodeInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )


class ScreenForm(forms.Form):
    """Where a screen stands."""

    location: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Op welke locatie?"), queryset=None, empty_label=None
    )
    name = forms.CharField(
        label=_("Waar staat het?"), help_text=_("Bijvoorbeeld: tablet bij de balie."), max_length=60
    )

    def __init__(self, *args, locations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = locations  # type: ignore[attr-defined]
        self.fields["location"].label_from_instance = (  # type: ignore[attr-defined]
            lambda place: str(place) or str(_("Locatie zonder adres"))
        )
