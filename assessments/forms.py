"""Forms of the bank, of handing in and reviewing, and of marks."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Assignment, HandIn
from assessments.words import mark_words
from stage.core.ui.forms import ChoiceCards, DateInput, TickCards
from stage.schools.models import Elective


class AssignmentForm(forms.ModelForm):
    """An assignment of the bank; keuzevakken are the national ones and the school's own."""

    class Meta:
        model = Assignment
        fields = ["title", "text", "elective"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        labels = {"elective": _("Keuzevak")}
        help_texts = {
            "text": _("Schrijf in korte zinnen wat de leerling doet en wat je wilt zien."),
        }

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["elective"].queryset = Elective.objects.visible_to(actor)  # type: ignore[attr-defined]
        self.fields["elective"].empty_label = _("Geen: voor elke leerling")  # type: ignore[attr-defined]


class HandOutForm(forms.Form):
    """To whom, and when it must be in."""

    placements = forms.MultipleChoiceField(
        label=_("Leerlingen"),
        widget=TickCards,
        error_messages={"required": _("Kies minstens één leerling.")},
    )
    due = forms.DateField(label=_("Inleveren voor"), widget=DateInput, required=False)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["placements"].choices = choices  # type: ignore[attr-defined]


class AnswerForm(forms.ModelForm):
    """What the student did, in own words."""

    class Meta:
        model = HandIn
        fields = ["answer"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].widget = forms.Textarea(
            attrs={"rows": 6, "maxlength": 4000, "data-keep": f"answer-{self.instance.public_id}"}
        )
        self.fields["answer"].label = _("Wat heb je gedaan?")


class ManyFilesInput(forms.FileInput):
    """Several files at once; photos are made smaller in the browser first."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Cleans to a list of uploads, empty when nothing was chosen."""

    def clean(self, data, initial=None):
        one = super().clean
        return [one(item, initial) for item in data] if data else one(None, initial) or []


class EvidenceForm(forms.Form):
    """Photos or PDFs with one caption."""

    uploads = ManyFilesField(
        label=_("Foto's of PDF"),
        required=False,
        widget=ManyFilesInput(
            attrs={
                "multiple": True,
                "data-photo": True,
                "accept": "image/jpeg,image/png,image/webp,application/pdf",
            }
        ),
        error_messages={
            "required": _("Kies eerst een foto of een PDF."),
            "empty": _("Dit bestand is leeg. Kies het opnieuw."),
        },
    )
    caption = forms.CharField(
        label=_("Wat zie je hier?"),
        max_length=160,
        required=False,
    )

    def __init__(self, *args, required: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uploads"].required = required


DONE, AGAIN = "done", "again"


class ReviewForm(forms.Form):
    """Done, or again; then with words that say what."""

    verdict = forms.ChoiceField(
        label=_("Oordeel"),
        choices=[(DONE, _("Klaar")), (AGAIN, _("Opnieuw doen"))],
        widget=ChoiceCards(
            hints={
                DONE: _("De opdracht is goed zo."),
                AGAIN: _("De leerling past het aan en levert opnieuw in."),
            }
        ),
    )
    feedback = forms.CharField(
        label=_("Reactie aan de leerling"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("verdict") == AGAIN and not cleaned.get("feedback", "").strip():
            self.add_error("feedback", _("Schrijf op wat de leerling moet aanpassen."))
        return cleaned


class MarkField(forms.DecimalField):
    """A mark from 1,0 to 10,0 with one decimal; comma or point, whatever the language."""

    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 4, "size": 5}
    )
    default_error_messages = {
        "invalid": _("Vul een cijfer in, bijvoorbeeld 7,5."),
        "max_decimal_places": _("Gebruik één cijfer achter de komma, bijvoorbeeld 7,5."),
    }

    def __init__(self, **kwargs):
        super().__init__(min_value=Decimal(1), max_value=Decimal(10), decimal_places=1, **kwargs)
        wrong = _("Een cijfer is minstens 1,0 en hoogstens 10,0.")
        for validator in self.validators:
            if getattr(validator, "code", "") in ("min_value", "max_value"):
                validator.message = wrong  # type: ignore[attr-defined]

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value):
        return mark_words(value) if isinstance(value, Decimal) else value


class MarkForm(forms.Form):
    """The mark and what it is based on."""

    value = MarkField(label=_("Cijfer"))
    remark = forms.CharField(
        label=_("Toelichting"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("De leerling leest dit ook."),
    )


class FinalMarkForm(MarkForm):
    """A change of a mark that was final: only with a reason."""

    seen = MarkField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Waarom verandert dit cijfer?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Een definitief cijfer verandert alleen met een reden.")},
    )


class LockForm(forms.Form):
    """The mark that was on the page when it was made final."""

    seen = MarkField(widget=forms.HiddenInput)


class ReactionForm(forms.Form):
    """Agree, or say what is different."""

    agrees = forms.ChoiceField(
        label=_("Ben je het ermee eens?"),
        choices=[("yes", _("Ja, dit klopt")), ("no", _("Nee, ik zie het anders"))],
        widget=ChoiceCards,
    )
    comment = forms.CharField(
        label=_("Wil je er iets bij zeggen?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-keep": "reaction"}),
    )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("agrees") == "no" and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Schrijf op wat je anders ziet."))
        return cleaned
