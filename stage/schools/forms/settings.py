"""Forms of what a school and a region decide for themselves, and of an import's upload."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from stage.core.ui.colour import HEX
from stage.core.ui.forms import Radios
from stage.schools.models import RegionSettings, SchoolSettings

SECTIONS = (
    (
        _("De school"),
        ("street", "postcode", "city", "telephone", "absence_telephone", "email"),
        _("Deze gegevens staan op overeenkomsten en in mails aan bedrijven en ouders."),
    ),
    (
        _("Wie tekent"),
        (
            "represented_by",
            "representative_function",
            "guardians_needed",
            "paper_counts",
        ),
        _("Namens de school, en thuis."),
    ),
    (
        _("Leerlingen"),
        ("max_applications", "late_after_minutes", "student_explanation"),
        _("Wat leerlingen mogen en lezen."),
    ),
    (
        _("Verzekering"),
        ("liability_maximum", "insurance_text"),
        _("Deze tekst komt in elke overeenkomst. Laat die nakijken door uw bestuur."),
    ),
    (
        _("Hoe het eruitziet"),
        ("colour", "logo_upload", "drop_logo"),
        _("Kleur en logo van de school op schermen, posters en overeenkomsten."),
    ),
)


class SchoolSettingsForm(forms.ModelForm):
    """All settings of a school."""

    logo_upload = forms.FileField(
        label=_("Logo"), required=False, help_text=_("Een afbeelding: JPG of PNG.")
    )
    drop_logo = forms.BooleanField(label=_("Logo weghalen"), required=False)

    class Meta:
        model = SchoolSettings
        exclude = ["school", "logo"]  # noqa: DJ006 (every other field is the school's own to set)
        widgets = {
            "guardians_needed": Radios,
            "student_explanation": forms.Textarea({"rows": 5}),
            "insurance_text": forms.Textarea({"rows": 5}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["colour"].help_text = _(
            "Een kleurcode zoals #0b5a41. Is de kleur te licht, dan maken we hem donkerder."
        )
        self.fields["guardians_needed"].choices = SchoolSettings._meta.get_field(  # type: ignore[attr-defined]
            "guardians_needed"
        ).choices
        if not self.instance.logo_id:
            del self.fields["drop_logo"]

    def clean_colour(self):
        colour = self.cleaned_data["colour"].strip().lower()
        if colour and not HEX.fullmatch(colour):
            raise forms.ValidationError(_("Schrijf de kleur als # met zes tekens, zoals #0b5a41."))
        return colour

    def clean_max_applications(self):
        count = self.cleaned_data["max_applications"]
        if not 1 <= count <= 20:
            raise forms.ValidationError(_("Kies een aantal van 1 tot en met 20."))
        return count

    def clean_late_after_minutes(self):
        minutes = self.cleaned_data["late_after_minutes"]
        if minutes > 240:
            raise forms.ValidationError(_("Kies ten hoogste 240 minuten."))
        return minutes

    def values(self) -> dict:
        """What was filled in, by field of the settings."""
        own = {f.name for f in SchoolSettings._meta.concrete_fields}
        return {n: v for n, v in self.cleaned_data.items() if n in own}

    def sections(self) -> list[dict]:
        """The fields in the order of the page, in parts with a heading and a sentence."""
        return [
            {
                "title": title,
                "text": text,
                "fields": [self[name] for name in names if name in self.fields],
            }
            for title, names, text in SECTIONS
        ]


class RegionSettingsForm(forms.ModelForm):
    """All settings of a region."""

    class Meta:
        model = RegionSettings
        fields = ["email", "telephone", "company_explanation"]


class UploadForm(forms.Form):
    """One list to import."""

    file = forms.FileField(
        label=_("Lijst"),
        widget=forms.ClearableFileInput({"accept": ".csv,.xlsx,.txt"}),
        help_text=_("Excel (xlsx) of CSV, ten hoogste 10 MB."),
        error_messages={
            "required": _("Kies eerst een bestand."),
            "empty": _("Dit bestand is leeg."),
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > 10 * 1024 * 1024:
            raise forms.ValidationError(_("Dit bestand is groter dan 10 MB."))
        return file
