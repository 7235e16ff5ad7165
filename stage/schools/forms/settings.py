"""Forms of what a school and a region decide for themselves, and of an import's upload."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from stage.core.ui.colour import HEX
from stage.schools.forms.settings_page import SettingsForm
from stage.schools.models import RegionSettings, SchoolSettings
from stage.schools.services import school_settings


class LooksMixin(forms.Form):
    """A colour and a logo, of a school or of a region."""

    logo_upload = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("Staat bovenaan elke pagina. Een afbeelding: JPG of PNG."),
    )
    drop_logo = forms.BooleanField(label=_("Logo weghalen"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["colour"].help_text = _(
            "Knoppen en menu krijgen deze kleur. Een code zoals #0b5a41; is de kleur te licht,"
            " dan maken we hem donkerder."
        )
        if not self.instance.logo_id:  # type: ignore[attr-defined]
            del self.fields["drop_logo"]

    def clean_colour(self):
        colour = self.cleaned_data["colour"].strip().lower()
        if colour and not HEX.fullmatch(colour):
            raise forms.ValidationError(_("Schrijf de kleur als # met zes tekens, zoals #0b5a41."))
        return colour

    def looks(self) -> dict:
        """The logo that comes or goes, as the services take it."""
        return {
            "logo": self.cleaned_data.get("logo_upload"),
            "drop_logo": self.cleaned_data.get("drop_logo", False),
        }


class SchoolSettingsForm(LooksMixin, SettingsForm):
    """How a school is reached, who represents it, how it looks and what it tells its students."""

    class Meta:
        model = SchoolSettings
        exclude = ["school", "logo"]
        help_texts = {
            "street": _("Het adres staat op overeenkomsten."),
            "telephone": _("Staat onder elke mail aan bedrijven en ouders."),
            "absence_telephone": _("Wie een leerling ziek meldt, leest dit nummer."),
            "email": _("Hier komen antwoorden van bedrijven aan."),
            "holiday_region": _("Dan stellen we bij elke periode de vakanties voor."),
            "represented_by": _("Deze naam staat op overeenkomsten als vertegenwoordiger."),
            "student_explanation": _("Leerlingen lezen dit bij de uitleg over Stage."),
        }
        widgets = {"student_explanation": forms.Textarea({"rows": 5})}

    def keep(self, *, actor) -> list[str]:
        """As every part; a logo comes or goes along. Raises `media.FileRefused`."""
        return school_settings.change_school_settings(
            self.instance,
            values=self.values(),
            actor=actor,
            **self.looks(),
        )


class RegionSettingsForm(LooksMixin, forms.ModelForm):
    """All settings of a region."""

    class Meta:
        model = RegionSettings
        fields = ["shown_name", "telephone", "email", "company_explanation", "colour"]
        widgets = {"company_explanation": forms.Textarea({"rows": 5})}
        help_texts = {
            "shown_name": _(
                "Zo heet de regio in mails en bovenaan de pagina. Leeg: de naam van de regio."
            ),
            "telephone": _("Staat onder elke mail van de regio aan een bedrijf."),
            "email": _("Staat er ook onder; antwoorden komen hier aan."),
            "company_explanation": _("Bedrijven lezen dit bij de uitleg over Stage."),
        }

    def values(self) -> dict:
        """What was filled in, by field of the row."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


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
