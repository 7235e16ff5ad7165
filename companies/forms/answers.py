"""What a company fills in after choosing no or not now; the form of each answer."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from companies.enums import NoReason
from companies.forms.base import AnswerForm
from companies.forms.yes import YesForm
from stage.core.dutch.calendar import school_today
from stage.core.ui.forms import Radios


class NoForm(AnswerForm):
    """Why not, in one tap; a word more is welcome."""

    answer = "no"
    heading = _("Jammer, u doet niet mee")
    told = _("Het bedrijf doet niet mee")
    lead = _("Met uw reden helpt u de school.")
    no_reason = forms.ChoiceField(
        label=_("Waarom komt het niet uit?"), choices=NoReason, widget=Radios
    )
    reason = forms.CharField(
        label=_("Wilt u er iets bij zeggen?"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("seen", "no_reason", "reason")}


class LaterForm(AnswerForm):
    """From which month the school may ask again."""

    answer = "later"
    heading = told = _("Nu niet")
    lead = _("Wij vragen het dan later weer.")
    month = forms.ChoiceField(label=_("Vanaf welke maand mogen wij het weer vragen?"))
    reason = NoForm.base_fields["reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (d.isoformat(), f"{MONTHS[d.month]} {d.year}") for d in coming_months(school_today())
        ]

    def values(self) -> dict:
        data = self.cleaned_data
        return {
            "seen": data["seen"],
            "reason": data["reason"],
            "ask_again_on": date.fromisoformat(data["month"]),
        }


FORMS = {"yes": YesForm, "no": NoForm, "later": LaterForm}


def coming_months(today: date, count: int = 18) -> list[date]:
    """The first days of the months after this one."""
    first = today.year * 12 + today.month
    return [date(n // 12, n % 12 + 1, 1) for n in range(first, first + count)]
