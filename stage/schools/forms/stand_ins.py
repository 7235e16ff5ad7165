"""Forms about who stands in for a colleague."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from stage.core.dutch.calendar import school_today
from stage.core.models import Membership
from stage.core.ui.forms import DateInput, Radios, Ticks
from stage.schools.models import Student

MAX_DAYS = 366


class StandInForm(forms.Form):
    """Who takes a colleague's part, from when until when, and for whom."""

    to = forms.ModelChoiceField(
        label=_("Wie vervangt?"),
        queryset=Membership.objects.none(),
        to_field_name="public_id",
        empty_label=_("Kies een collega"),
        error_messages={"required": _("Kies een collega.")},
    )
    starts = forms.DateField(label=_("Vanaf"), widget=DateInput)
    until = forms.DateField(
        label=_("Tot en met"),
        widget=DateInput,
        error_messages={"required": _("Kies tot en met welke dag.")},
    )
    whom = forms.ChoiceField(
        label=_("Voor welke leerlingen?"),
        choices=[("all", _("Alle leerlingen")), ("new", _("Een paar"))],
        initial="all",
        widget=Radios,
    )
    students = forms.ModelMultipleChoiceField(
        label=_("Welke?"),
        queryset=Student.objects.none(),
        to_field_name="public_id",
        error_messages={"required": _("Kies minstens een leerling.")},
        widget=Ticks({"class": "columns"}),
    )

    def __init__(self, *args, colleagues, students, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = lambda m: m.name or m.email  # type: ignore[attr-defined]
        rows = Student.objects.filter(pk__in=[s.pk for s in students]).order_by("sort_name", "pk")
        self.fields["students"].queryset = rows  # type: ignore[attr-defined]
        self.fields["students"].label_from_instance = lambda s: s.full_name  # type: ignore[attr-defined]
        self.fields["starts"].initial = school_today()
        if self.is_bound and self.data.get("whom") != "new":
            self.fields["students"].required = False

    def clean_starts(self):
        day = self.cleaned_data["starts"]
        if day < school_today():
            raise forms.ValidationError(_("Kies vandaag of een dag die nog komt."))
        return day

    def clean(self):
        data = super().clean() or {}
        _check_stand_in_days(self, data.get("starts"), data.get("until"))
        return data

    @property
    def chosen(self) -> list[Student] | None:
        """The chosen students; None for all."""
        data = self.cleaned_data
        return list(data["students"]) if data["whom"] == "new" else None


class ProlongForm(forms.Form):
    """Another last day."""

    until = forms.DateField(label=_("Tot en met"), widget=DateInput)

    def __init__(self, *args, starts, **kwargs):
        super().__init__(*args, **kwargs)
        self._starts = starts

    def clean(self):
        data = super().clean() or {}
        _check_stand_in_days(self, max(self._starts, school_today()), data.get("until"))
        return data


def _check_stand_in_days(form: forms.Form, starts, until) -> None:
    if starts and until and until < starts:
        form.add_error("until", _("De laatste dag ligt voor de eerste."))
    elif starts and until and (until - starts).days > MAX_DAYS:
        form.add_error("until", _("Vervangen kan ten hoogste een jaar. Draag leerlingen dan over."))
