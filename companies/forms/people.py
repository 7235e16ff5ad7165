"""Somebody new, asked for beside those who are known: shared by the forms that name a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# The choice that shows the fields of a new person (`.reveals` in the styles).
SOMEBODY_ELSE = "new"


def name_field(label: str | StrPromise, *, autocomplete: str = "off") -> forms.CharField:
    widget = forms.TextInput({"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=160, required=False, widget=widget)


def email_field(
    label: str | StrPromise, *, autocomplete: str = "off", help_text: str | StrPromise = ""
) -> forms.EmailField:
    widget = forms.EmailInput({"autocomplete": autocomplete})
    return forms.EmailField(label=label, help_text=help_text, required=False, widget=widget)


def telephone_field(label: str | StrPromise, *, autocomplete: str = "off") -> forms.CharField:
    widget = forms.TextInput({"type": "tel", "autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=20, required=False, widget=widget)


class AsksSomebodyNew(forms.Form):
    """A form with a choice of people, one of which is somebody new."""

    # The field with the choice, and those that are only shown, and then needed, for a new person.
    who = ""
    needed_of_new: tuple[str, ...] = ()
    says_needed: str | StrPromise = _("Vul dit in.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # On a page that is only shown they are not marked as what may stay empty.
        needed = not self.is_bound or self.is_somebody_new
        for name in self.needed_of_new:
            self.fields[name].required = needed
            self.fields[name].error_messages["required"] = self.says_needed

    @property
    def is_somebody_new(self) -> bool:
        return self.data.get(self.add_prefix(self.who)) == SOMEBODY_ELSE
