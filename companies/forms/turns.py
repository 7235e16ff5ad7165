"""What somebody of a company fills in to hand something to a colleague."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.forms.people import SOMEBODY_ELSE, AsksSomebodyNew, email_field, name_field
from companies.models import Contact
from companies.services.leaving import Successor
from stage.core.ui.forms import Radios

NOBODY = "none"


class ColleagueForm(AsksSomebodyNew):
    """Which colleague: one of these, or a new one with an address."""

    who = "colleague"
    needed_of_new = ("name", "email")
    says_needed = gettext_lazy("Vul dit in voor uw collega.")
    colleague = forms.ChoiceField(label=gettext_lazy("Welke collega?"), widget=Radios)
    name = name_field(gettext_lazy("Naam van uw collega"))
    email = email_field(gettext_lazy("E-mailadres van uw collega"))

    def __init__(self, *args, colleagues: Iterable[Contact], **kwargs):
        super().__init__(*args, **kwargs)
        self.colleagues = {c.public_id: c for c in colleagues}
        field = self.fields["colleague"]
        field.choices = self.choices()  # type: ignore[attr-defined]
        if len(field.choices) == 1:  # type: ignore[attr-defined]
            field.initial = SOMEBODY_ELSE

    def choices(self) -> list[tuple[str, str]]:
        """Names, no addresses: whoever holds the link sees them."""
        known = [(code, c.name) for code, c in self.colleagues.items()]
        return [*known, (SOMEBODY_ELSE, _("Iemand anders"))]

    def chosen(self) -> Contact | None:
        return self.colleagues.get(self.cleaned_data["colleague"])

    def values(self) -> dict:
        """As the services take it: somebody known, or a name and an address."""
        is_new = self.cleaned_data["colleague"] == SOMEBODY_ELSE
        name, email = self.cleaned_data["name"], self.cleaned_data["email"].lower()
        return {
            "name": name if is_new else "",
            "email": email if is_new else "",
        }


class PassOnForm(ColleagueForm):
    """For whom a letter is."""

    def values(self) -> dict:
        return {"colleague": self.chosen(), **super().values()}


class LeaveForm(ColleagueForm):
    """Who takes over; that nobody does is said, never supposed. `forget`: for oneself only."""

    colleague = forms.ChoiceField(label=gettext_lazy("Wie neemt het over?"), widget=Radios)
    forget = forms.BooleanField(label=gettext_lazy("Wis ook mijn gegevens"), required=False)

    field_order = ("colleague", "name", "email", "forget")

    def __init__(self, *args, own: bool, is_last: bool, **kwargs):
        self.is_last = is_last
        super().__init__(*args, **kwargs)
        if not own:
            del self.fields["forget"]
        if not is_last:
            self.fields["colleague"].initial = NOBODY

    def choices(self) -> list[tuple[str, str]]:
        """With the address: who is chosen here is known to the schools from then on."""
        known = [(code, f"{c.name} ({c.email})") for code, c in self.colleagues.items()]
        nobody = _("Niemand")
        if self.is_last:
            nobody = _("Er is nog niemand: de school belt het bedrijf")
        return [*known, (SOMEBODY_ELSE, _("Iemand anders")), (NOBODY, nobody)]

    def values(self) -> dict:
        return {
            "successor": Successor(contact=self.chosen(), **super().values()),
            # Only who was told to be the last one says that there is nobody.
            "nobody": self.is_last and self.cleaned_data["colleague"] == NOBODY,
            "forget": self.cleaned_data.get("forget", False),
        }
