"""The words of an example letter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from companies import letters
from companies.models import LetterText


class LetterFields(forms.ModelForm):
    """A subject and a letter with fields in them; a wrong one is an error beside its box."""

    def clean_subject(self) -> str:
        return self._without_problems("subject")

    def clean_letter(self) -> str:
        return self._without_problems("letter")

    def clean_text(self) -> str:
        return self._without_problems("text")

    def _without_problems(self, name: str) -> str:
        found = letters.problems(self.cleaned_data[name])
        if found:
            raise forms.ValidationError(found)
        return letters.readable(self.cleaned_data[name])


class LetterTextForm(LetterFields):
    """Name and words of an example."""

    class Meta:
        model = LetterText
        fields = ["name", "subject", "text"]
        widgets = {"text": forms.Textarea({"rows": 16})}
        help_texts = {"name": _("Zo vind je de brief terug. Het bedrijf ziet deze naam niet.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-keep"] = f"letter-text-{self.instance.public_id}"
