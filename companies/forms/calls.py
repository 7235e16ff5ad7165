"""What somebody of the school or the bureau enters after calling a company."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.enums import AnsweredVia, Standing
from stage.core.ui.forms import Radios
from stage.schools.models import Period


class NoAnswerForm(forms.Form):
    """Nobody picked up the telephone."""

    note = forms.CharField(
        label=_("Notitie"),
        max_length=300,
        required=False,
        help_text=_("Bijvoorbeeld: bel na 14.00 uur, vraag naar Karin."),
    )


class ViaForm(forms.Form):
    """How the company said it."""

    via = forms.ChoiceField(
        label=_("Hoe hoorde je het?"),
        choices=[(v.value, v.label) for v in AnsweredVia if v != AnsweredVia.ITSELF],
        initial=AnsweredVia.PHONE,
        widget=Radios,
    )


class PeriodForm(forms.Form):
    """About which period the company was asked, where no letter went."""

    period = forms.ModelChoiceField(label=_("Voor welke periode?"), queryset=Period.objects.none())

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]


class StandingForm(forms.Form):
    """Whether anybody in the region may ask this company, and why not."""

    standing = forms.ChoiceField(label=_("Mag dit bedrijf gevraagd worden?"), widget=Radios)
    why = forms.CharField(label=_("Reden"), max_length=200, required=False)

    def __init__(self, *args, choices: list[Standing], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["standing"].choices = [(c.value, c.label) for c in choices]  # type: ignore[attr-defined]
