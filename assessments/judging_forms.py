"""The supervisor's form, made from the school's criteria; one student or the whole group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.enums import Outcome, Points
from assessments.models import Assessment, Criterion
from assessments.services.judging import Judgement
from stage.core.ui.forms import ChoiceCards, RatingField

_HINTS = {
    Outcome.NORMAL: _("U beoordeelt hoe het ging."),
    Outcome.NO_SHOW: _("Een korte uitleg is genoeg."),
    Outcome.STOPPED: _("Een korte uitleg is genoeg."),
}


class JudgementForm(forms.Form):
    """Fields `points_<n>` and `text_<n>` per criterion; `cleaned_judgement` is what services take.

    With `give` everything needed to give it must be there; without, it may be half filled in.
    """

    use_required_attribute = False

    outcome = forms.ChoiceField(
        label=_("Is de stage gelopen?"),
        choices=Outcome,
        initial=Outcome.NORMAL,
        widget=ChoiceCards(attrs={"class": "big"}, hints=_HINTS),
    )
    note = forms.CharField(
        label=_("Wat is er gebeurd?"), max_length=1500, required=False, widget=forms.Textarea
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, criteria: list[Criterion], compact: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.give = False
        if compact:
            self.fields["outcome"].widget = forms.Select(choices=Outcome.choices)
            self.fields["note"].widget = forms.TextInput()
        else:
            self.fields["note"].widget.attrs["rows"] = 3
        for criterion in criteria:
            self._add(criterion, compact)

    def _add(self, criterion: Criterion, compact: bool) -> None:
        text = forms.CharField(label=criterion.name, max_length=1500, required=False)
        text.help_text = criterion.explanation
        if criterion.is_open:
            text.widget = forms.TextInput() if compact else forms.Textarea(attrs={"rows": 3})
        else:
            text.label, text.help_text = _("Toelichting"), ""
            self.fields[f"points_{criterion.pk}"] = self._points(criterion, compact)
        self.fields[f"text_{criterion.pk}"] = text

    @staticmethod
    def _points(criterion: Criterion, compact: bool) -> forms.Field:
        about: dict[str, Any] = {"label": criterion.name, "help_text": criterion.explanation}
        if not compact:
            return RatingField(scale=Points.choices, **about)
        choices = [("", "–"), *((n, f"{n} {label}") for n, label in Points.choices)]
        return forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, **about)

    def full_clean(self):
        """A draft may lack judgements; on the page they do not say that they may stay empty."""
        points = [f for name, f in self.fields.items() if name.startswith("points_")]
        for field in points:
            field.required = False
        super().full_clean()
        for field in points:
            field.required = True

    @property
    def judged(self) -> list[tuple]:
        """Bound (points, explanation) fields of the work attitudes."""
        lines = [c for c in self.criteria if not c.is_open]
        return [(self[f"points_{c.pk}"], self[f"text_{c.pk}"]) for c in lines]

    @property
    def questions(self) -> list:
        """Bound fields of the open questions."""
        return [self[f"text_{c.pk}"] for c in self.criteria if c.is_open]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if self.give and not self.errors:
            self._need_everything(cleaned)
        return cleaned

    def _need_everything(self, cleaned: dict) -> None:
        if cleaned["outcome"] != Outcome.NORMAL:
            if not cleaned["note"].strip():
                self.add_error("note", _("Schrijf kort op wat er gebeurd is."))
            return
        for criterion in self.criteria:
            name = f"points_{criterion.pk}"
            if not criterion.is_open and not cleaned.get(name):
                self.add_error(name, _("Kies een van de vier."))

    @property
    def cleaned_judgement(self) -> Judgement:
        """What was filled in; only after `is_valid`."""
        data = self.cleaned_data
        points = {c.pk: data.get(f"points_{c.pk}") for c in self.criteria if not c.is_open}
        return Judgement(
            outcome=data["outcome"],
            note="" if data["outcome"] == Outcome.NORMAL else data["note"].strip(),
            points={pk: n for pk, n in points.items() if n},
            texts={c.pk: data[f"text_{c.pk}"] for c in self.criteria},
        )

    @property
    def is_untouched(self) -> bool:
        """Whether nobody filled in anything for this student; only after `is_valid`."""
        made = self.cleaned_judgement
        words = any(text.strip() for text in made.texts.values())
        return made.outcome == Outcome.NORMAL and not made.points and not words


def initial_of(assessment: Assessment | None) -> dict:
    """What was saved before, as initial values; scores should be prefetched."""
    if assessment is None:
        return {"version": 0}
    values = {
        "version": assessment.version,
        "outcome": assessment.outcome,
        "note": assessment.note,
    }
    for score in assessment.scores.all():
        values[f"text_{score.criterion_id}"] = score.text
        if score.points:
            values[f"points_{score.criterion_id}"] = score.points
    return values
