"""What somebody of a company fills in to hand something to a colleague."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Contact
from stage.core.ui.forms import Radios

SOMEBODY_ELSE = "new"


class PassOnForm(forms.Form):
    """Which colleague: by name, or a new one with an address."""

    colleague = forms.ChoiceField(label=gettext_lazy("Welke collega?"), widget=Radios)
    name = forms.CharField(
        label=gettext_lazy("Naam van uw collega"),
        max_length=160,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mailadres van uw collega"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, colleagues: Iterable[Contact], **kwargs):
        super().__init__(*args, **kwargs)
        # Names, no addresses: whoever holds the link sees them.
        self.colleagues = {c.public_id: c for c in colleagues}
        choices = [(code, c.name) for code, c in self.colleagues.items()]
        field = self.fields["colleague"]
        field.choices = [*choices, (SOMEBODY_ELSE, _("Iemand anders"))]  # type: ignore[attr-defined]
        if not choices:
            field.initial = SOMEBODY_ELSE
        if self.is_bound and self.data.get("colleague") == SOMEBODY_ELSE:
            for name in ("name", "email"):
                self.fields[name].required = True

    def chosen(self) -> Contact | None:
        return self.colleagues.get(self.cleaned_data["colleague"])

    def values(self) -> dict:
        """As the services take it: somebody known, or a name and an address."""
        data = self.cleaned_data
        return {
            "colleague": self.chosen(),
            "name": data["name"],
            "email": data["email"].lower(),
        }
