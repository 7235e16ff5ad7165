"""Forms about students, guardians, staff, periods and groups."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from stage.core.dutch.calendar import minutes_of, school_today
from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.ui.forms import (
    ChoiceCards,
    DateInput,
    TimeInput,
    WeekdaysField,
)
from stage.schools.enums import LeaveReason, PeriodKind
from stage.schools.models import Guardian, Period, Profile, Student

MAX_PERIOD_DAYS = 2 * 366
MAX_LEAVE_DAYS = 366
MAX_YEAR = 6  # vmbo has four; a school also holds havo and vwo
STAFF_ROLES = [
    (Role.TEACHER.value, Role.TEACHER.label),
    (Role.COORDINATOR.value, Role.COORDINATOR.label),
]


class StudentForm(forms.ModelForm):
    """All facts of a student that the school keeps."""

    class Meta:
        model = Student
        fields = [
            "number",
            "first_name",
            "infix",
            "last_name",
            "birth_date",
            "school_class",
            "year",
            "leerweg",
            "profile",
            "mentor",
            "email",
            "telephone",
            "street",
            "postcode",
            "city",
            "photo_consent",
        ]
        widgets = {"birth_date": DateInput}

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        staff = Membership.objects.visible_to(actor).active().staff()
        self.fields["mentor"].queryset = staff  # type: ignore[attr-defined]
        self.fields["mentor"].label_from_instance = lambda m: m.name  # type: ignore[attr-defined]
        self.fields["mentor"].label = _("Stagebegeleider of mentor")
        self.fields["profile"].queryset = Profile.objects.all()  # type: ignore[attr-defined]
        self.fields["profile"].label = _("Profiel")
        # The form field was built with the column's own bounds, in widget and validators both.
        message = _("Vul een leerjaar in van 1 tot en met 6.")
        bounds = [MinValueValidator(1, message), MaxValueValidator(MAX_YEAR, message)]
        self.fields["year"].validators = [*bounds]
        self.fields["year"].widget.attrs |= {"min": 1, "max": MAX_YEAR}

    def clean_birth_date(self):
        born = self.cleaned_data["birth_date"]
        today = school_today()
        if not today.year - 30 <= born.year <= today.year - 8:
            raise forms.ValidationError(_("Klopt deze geboortedatum? Vul dag, maand en jaar in."))
        return born


class GuardianForm(forms.ModelForm):
    """A parent or carer."""

    class Meta:
        model = Guardian
        fields = ["name", "email", "telephone", "may_sign", "lives_here"]
        help_texts = {
            "lives_here": _(
                "Is de leerling jonger dan 16, dan mag wie het kind in huis heeft ook tekenen."
            ),
        }


class LeaveForm(forms.Form):
    """From when a student is not at school any more, and why."""

    on = forms.DateField(
        label=_("Eerste dag niet meer op school"),
        help_text=_("Vanaf deze dag verwacht niemand de leerling."),
        widget=DateInput,
        error_messages={"required": _("Kies een dag.")},
    )
    reason = forms.ChoiceField(
        label=_("Waarom?"), choices=LeaveReason.choices, initial=LeaveReason.LEFT_SCHOOL
    )
    words = forms.CharField(
        label=_("Toelichting"),
        help_text=_("Alleen voor de school."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2, "maxlength": 500}),
    )

    def clean_on(self):
        day, today = self.cleaned_data["on"], school_today()
        if abs((day - today).days) > MAX_LEAVE_DAYS:
            raise forms.ValidationError(_("Kies een dag binnen een jaar van vandaag."))
        return day

    def clean(self):
        data = super().clean() or {}
        if data.get("reason") == LeaveReason.OTHER and not data.get("words", "").strip():
            self.add_error("words", _("Schrijf in een zin waarom."))
        return data


class InviteForm(forms.Form):
    """A new colleague."""

    name = forms.CharField(
        label=_("Naam"), max_length=120, widget=forms.TextInput({"autofocus": True})
    )
    email = forms.EmailField(label=_("E-mailadres van school"))
    abbreviation = forms.CharField(
        label=_("Afkorting"),
        max_length=12,
        required=False,
        help_text=_("Zoals in het rooster; daarmee herkennen we de mentor in een lijst."),
    )
    role = forms.ChoiceField(
        label=_("Rol"),
        choices=STAFF_ROLES,
        widget=ChoiceCards(
            hints={
                Role.TEACHER.value: _("Begeleidt en bezoekt eigen leerlingen."),
                Role.COORDINATOR.value: _("Ziet en regelt alles van de school."),
            }
        ),
        initial=Role.TEACHER.value,
    )


class StaffForm(InviteForm):
    """A colleague's own facts; the address is the log-in and stays."""

    email = None  # type: ignore[assignment]  # how Django drops an inherited field
    field_order = ["name", "abbreviation", "role"]


class HandOverForm(forms.Form):
    """Who takes over."""

    to = forms.ModelChoiceField(
        label=_("Wie neemt het werk over?"), queryset=Membership.objects.none()
    )

    def __init__(self, *args, colleagues, needed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["to"].to_field_name = "public_id"  # type: ignore[attr-defined]
        self.fields["to"].required = needed
        self.fields["to"].label_from_instance = lambda m: m.name  # type: ignore[attr-defined]


class PeriodForm(forms.ModelForm):
    """Dates, days and hours of a period."""

    weekdays = WeekdaysField(label=_("Dagen in de week"), weekend=True)

    class Meta:
        model = Period
        fields = [
            "name",
            "kind",
            "starts",
            "ends",
            "weekdays",
            "day_from",
            "day_to",
            "break_minutes",
        ]
        widgets = {
            "name": forms.TextInput({"autofocus": True}),
            "starts": DateInput,
            "ends": DateInput,
            "day_from": TimeInput,
            "day_to": TimeInput,
            "kind": ChoiceCards(
                hints={
                    PeriodKind.BLOCK.value: _("Leerlingen zijn een paar weken elke dag op stage."),
                    PeriodKind.WEEKDAYS.value: _("Bijvoorbeeld elke donderdag, maanden lang."),
                    PeriodKind.TASTER.value: _(
                        "Een of een paar dagen. Zonder overeenkomst en beoordeling; kan ook voor"
                        " wie nog geen 14 is."
                    ),
                }
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = PeriodKind.choices  # type: ignore[attr-defined]
        if not self.instance.pk:
            self.initial.setdefault("kind", PeriodKind.BLOCK.value)
            self.initial.setdefault("weekdays", [1, 2, 3, 4, 5])
            self.initial.setdefault("day_from", "08:30")
            self.initial.setdefault("day_to", "16:00")

    def clean(self):
        super().clean()
        data = self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("De laatste dag ligt voor de eerste."))
        elif starts and ends and ends - starts > timedelta(days=MAX_PERIOD_DAYS):
            self.add_error("ends", _("Een periode duurt ten hoogste twee jaar."))
        begin, end, pause = data.get("day_from"), data.get("day_to"), data.get("break_minutes")
        if begin and end:
            if end <= begin:
                self.add_error("day_to", _("De eindtijd ligt voor de begintijd."))
            elif not minutes_of(None, begin, end, pause or 0):
                self.add_error("break_minutes", _("De pauze is langer dan de dag."))
        return data


class ExceptionForm(forms.Form):
    """Days of a period on which nobody is at a company."""

    first = forms.DateField(label=_("Eerste dag"), widget=DateInput)
    last = forms.DateField(
        label=_("Laatste dag"),
        widget=DateInput,
        required=False,
    )
    reason = forms.CharField(label=_("Waarom"), max_length=80, required=False)

    def __init__(self, *args, period: Period, **kwargs):
        super().__init__(*args, **kwargs)
        self._period = period

    def clean(self):
        super().clean()
        data = self.cleaned_data
        first = data.get("first")
        data["last"] = last = data.get("last") or first
        if not first or not last:
            return data
        if last < first:
            self.add_error("last", _("De laatste dag ligt voor de eerste."))
        elif first < self._period.starts or last > self._period.ends:
            self.add_error("first", _("Kies dagen binnen de periode."))
        return data


class GroupForm(forms.Form):
    """A new group in a period."""

    name = forms.CharField(
        label=_("Naam"),
        max_length=80,
        help_text=_("Bijvoorbeeld de klas: 3B."),
        widget=forms.TextInput({"autofocus": True}),
    )
    period = forms.ModelChoiceField(label=_("Periode"), queryset=Period.objects.none())

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = Period.objects.visible_to(actor)  # type: ignore[attr-defined]
        self.fields["period"].to_field_name = "public_id"  # type: ignore[attr-defined]
        periods = list(self.fields["period"].queryset[:2])  # type: ignore[attr-defined]
        if len(periods) == 1 and not self.initial.get("period"):
            self.initial["period"] = periods[0].public_id
