"""What the school says of a day at work: that an arrival was none, and an answer to a report."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.days import Day, hours_text
from attendance.typed_hours import typed_minutes
from stage.core.ui.dates import day_words
from stage.core.ui.forms import DateInput, TimeInput


class WrongCheckInForm(forms.Form):
    """Why an arrival does not count."""

    why = forms.CharField(
        label=_("Waarom klopt deze aanmelding niet?"),
        max_length=200,
        error_messages={"required": _("Schrijf op waarom. Wie later kijkt, leest dat.")},
    )


class CheckOutForm(forms.Form):
    """When a student went home, and why what stood there was not so."""

    at = forms.TimeField(
        label=_("Hoe laat ging de leerling weg?"),
        help_text=_("Leeg: dat weet niemand. Dan telt de geplande eindtijd."),
        required=False,
        widget=TimeInput,
    )
    why = forms.CharField(
        label=_("Waarom is het anders?"),
        max_length=200,
        error_messages={"required": _("Schrijf op waarom. Wie later kijkt, leest dat.")},
    )

    def __init__(self, *args, stands: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not stands:
            del self.fields["why"]


class PhonedForm(forms.Form):
    """Per day the hours as a company says them on the telephone, and who said so."""

    spoken_to = forms.CharField(
        label=_("Met wie van het bedrijf sprak je?"),
        max_length=120,
        error_messages={"required": _("Schrijf op met wie van het bedrijf je sprak.")},
    )

    def __init__(self, *args, days: Iterable[Day], **kwargs):
        super().__init__(*args, **kwargs)
        self.days = list(days)
        for day in self.days:
            self.fields[self.name_of(day)] = forms.CharField(
                label=day_words(day.date),
                help_text=_("%(what)s, gepland %(hours)s uur")
                % {"what": day.word, "hours": day.planned_hours},
                required=False,
                max_length=5,
                initial=hours_text(day.proposed_minutes),
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )

    @staticmethod
    def name_of(day: Day) -> str:
        return f"hours-{day.date.isoformat()}"

    @property
    def hour_fields(self):
        return [self[self.name_of(day)] for day in self.days]

    def clean(self):
        data = super().clean() or {}
        self.minutes = {}
        for day in self.days:
            name = self.name_of(day)
            try:
                self.minutes[day.date] = typed_minutes(data.get(name, ""), least=0)
            except ValueError:
                if name not in self.errors:
                    self.add_error(name, _("Vul de uren in als getal. 0: was er niet."))
        return data


class AnswerForm(forms.Form):
    """A line back to a day report; a thumb up needs none."""

    line = forms.CharField(
        label=_("Wil je iets terugzeggen?"),
        max_length=300,
        required=False,
        help_text=_("Mag leeg blijven. De leerling leest het op de eigen startpagina."),
    )


class DisputeAnswerForm(forms.Form):
    """How it was, by the student; once."""

    words = forms.CharField(
        label=_("Was het anders?"),
        max_length=300,
        help_text=_("Je kunt één keer antwoorden. Je stagebegeleider en het bedrijf lezen het."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Schrijf in een zin hoe het was.")},
    )


class AbsenceDaysForm(forms.Form):
    """From when until when somebody is away; what began keeps its first day."""

    from_day = forms.DateField(label=_("Vanaf"), widget=DateInput)
    until_day = forms.DateField(label=_("Tot en met"), widget=DateInput)

    def __init__(self, *args, begun: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if begun:
            self.fields["from_day"].required = False
            self.fields["from_day"].widget = forms.HiddenInput()

    def clean(self):
        data = super().clean() or {}
        first, last = data.get("from_day"), data.get("until_day")
        if first and last and last < first:
            self.add_error("until_day", _("De laatste dag is niet eerder dan de eerste."))
        return data
