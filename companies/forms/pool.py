"""A company of the pool and its parts."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.enums import DAY_END_HINTS, WAY_HINTS, AttendanceMode, DayEnd
from companies.models import Company, Department, Location
from stage.core.ui.forms import Radios, Ticks
from stage.schools.models import Profile

POSTCODE = re.compile(r"^([1-9]\d{3}) ?([A-Za-z]{2})$")


class ProfilesField(forms.MultipleChoiceField):
    """Codes of vmbo profiles."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Profielen"),
            widget=Ticks({"class": "columns"}),
            required=False,
            choices=lambda: [(p.code, p.name) for p in Profile.objects.order_by("name", "pk")],
            **kwargs,
        )


class CompanyForm(forms.ModelForm):
    """The shared facts of a company, for coordinator and bureau."""

    profiles = ProfilesField()
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Company
        fields = [
            "name",
            "kvk_number",
            "email",
            "telephone",
            "website",
            "description",
            "tasks",
            "profiles",
            "size",
            "minimum_age",
            "clothing",
            "needs_vog",
            "attendance_mode",
            "day_end",
        ]
        widgets = {
            "telephone": forms.TextInput({"autocomplete": "tel"}),
            "description": forms.Textarea({"rows": 3}),
            "tasks": forms.Textarea({"rows": 4}),
            "attendance_mode": Radios(hints=WAY_HINTS),
            "day_end": Radios(hints=DAY_END_HINTS),
        }

    def clean_kvk_number(self) -> str:
        number = "".join(self.cleaned_data["kvk_number"].split())
        if number and not re.fullmatch(r"\d{8}", number):
            raise forms.ValidationError(_("Een KvK-nummer heeft 8 cijfers."))
        return number

    def clean_minimum_age(self) -> int | None:
        age = self.cleaned_data["minimum_age"]
        if age is not None and not 13 <= age <= 25:
            raise forms.ValidationError(_("Vul een leeftijd tussen 13 en 25 in."))
        return age


class OwnProfileForm(CompanyForm):
    """What a company tells about itself; name and number are the region's."""

    class Meta(CompanyForm.Meta):
        fields = [
            "description",
            "tasks",
            "profiles",
            "size",
            "minimum_age",
            "clothing",
            "needs_vog",
            "telephone",
            "website",
        ]


class LocationForm(forms.ModelForm):
    class Meta:
        model = Location
        fields = ["name", "street", "postcode", "city", "attendance_mode", "day_end"]
        labels = {
            "attendance_mode": _("Hoe leerlingen hier worden aangemeld"),
            "day_end": _("Hoe de dag hier eindigt"),
        }
        widgets = {
            "attendance_mode": Radios(hints=WAY_HINTS),
            "day_end": Radios(hints=DAY_END_HINTS),
            "street": forms.TextInput({"autocomplete": "address-line1"}),
            "postcode": forms.TextInput({"autocomplete": "postal-code"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, own in (("attendance_mode", AttendanceMode), ("day_end", DayEnd)):
            if name in self.fields:
                choices = [("", _("Zoals bij het hele bedrijf")), *own.choices]
                self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_postcode(self) -> str:
        code = self.cleaned_data["postcode"].strip()
        if not code:
            return ""
        match = POSTCODE.match(code)
        if match is None:
            raise forms.ValidationError(
                _("Dit is geen postcode. Schrijf een postcode als 1234 AB.")
            )
        return f"{match.group(1)} {match.group(2).upper()}"


class FirstLocationForm(LocationForm):
    """The address of a new company: street and place together with its name."""

    class Meta(LocationForm.Meta):
        fields = ["street", "postcode", "city"]


class DepartmentForm(forms.ModelForm):
    class Meta:
        model = Department
        fields = ["name", "location"]

    def __init__(self, *args, company: Company, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = company.locations.all()  # type: ignore[attr-defined]
        self.fields["location"].label = _("Locatie")


class FirstContactForm(forms.Form):
    """The contact of a new company; may be left out."""

    contact_name = forms.CharField(label=_("Contactpersoon"), max_length=160, required=False)
    contact_email = forms.EmailField(label=_("E-mail contactpersoon"), required=False)

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if data.get("contact_email") and not data.get("contact_name"):
            self.add_error("contact_name", _("Vul ook de naam van de contactpersoon in."))
        return data
