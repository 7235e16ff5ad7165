"""What a company fills in after choosing yes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.forms.base import AnswerForm
from companies.forms.people import (
    SOMEBODY_ELSE,
    AsksSomebodyNew,
    email_field,
    name_field,
    telephone_field,
)
from companies.models import Contact, Department, Location
from companies.services.answers import NewPerson
from stage.core.dutch.calendar import minutes_of
from stage.core.ui.dates import day_words, hours_words
from stage.core.ui.forms import WEEKDAYS, Radios, Stepper, Ticks, TimeInput, WeekdayInput

MAX_PLACES = 99


class YesForm(AsksSomebodyNew, AnswerForm):
    """How many, which days, at what hours and where, what work, who guides."""

    answer = "yes"
    heading = _("Fijn, u doet mee")
    told = _("Het bedrijf doet mee")
    who = "supervisor"
    needed_of_new = ("new_name", "new_email")
    says_needed = _("Vul dit in voor de nieuwe begeleider.")
    how_many = forms.IntegerField(
        label=_("Hoeveel leerlingen kunnen er komen?"),
        min_value=1,
        max_value=MAX_PLACES,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Kies een aantal van 1 tot en met 99."),
        ),
        widget=Stepper,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Welke dagen van de week komen uit?"), coerce=int, widget=WeekdayInput
    )
    not_on = forms.TypedMultipleChoiceField(
        label=_("Zijn er dagen waarop het niet kan?"),
        help_text=_("Kruis alleen de dagen aan die niet kunnen."),
        coerce=date.fromisoformat,
        required=False,
        widget=Ticks,
    )
    day_from = forms.TimeField(label=_("Van"), required=False, widget=TimeInput)
    day_to = forms.TimeField(label=_("Tot"), required=False, widget=TimeInput)
    location = forms.ChoiceField(label=_("Waar komt de leerling?"), widget=Radios)
    department = forms.ChoiceField(label=_("Op welke afdeling?"), required=False, widget=Radios)
    tasks = forms.CharField(
        label=_("Wat kan een leerling bij u doen?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    supervisor = forms.ChoiceField(label=_("Wie begeleidt de leerling?"), widget=Radios)
    new_name = name_field(_("Naam van de begeleider"), autocomplete="name")
    new_email = email_field(_("E-mailadres van die persoon"), autocomplete="email")
    new_telephone = telephone_field(_("Telefoonnummer van die persoon"), autocomplete="tel")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        period = self.invitation.period
        words = dict(WEEKDAYS)
        self._choose("weekdays", [(n, words[n]) for n in period.weekdays])
        if period.is_short:
            self._choose("not_on", [(d.isoformat(), day_words(d)) for d in period.days()])
        else:
            del self.fields["not_on"]
        if self.ground.words is None:
            self.fields["tasks"].widget.attrs["data-keep"] = f"answer-{self.invitation.public_id}"
        else:
            del self.fields["tasks"]
        self._ask_parts()
        if period.is_taster:
            self._ask_less()
        people = [(str(c.pk), c.name) for c in self.ground.contacts]
        self._choose("supervisor", [*people, (SOMEBODY_ELSE, _("Iemand anders"))])

    def _choose(self, name: str, choices: list) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _ask_parts(self) -> None:
        """Where, if there is a choice."""
        locations, departments = self.ground.locations, self.ground.departments
        if len(locations) > 1:
            self._choose("location", [(str(row.pk), str(row)) for row in locations])
        else:
            del self.fields["location"]
        if departments:
            named = [(str(row.pk), row.name) for row in departments]
            self._choose("department", [("", _("Geen vaste afdeling")), *named])
        else:
            del self.fields["department"]

    def _ask_less(self) -> None:
        """Somebody who comes to look needs no hours, tasks or department: no agreement follows."""
        for name in ("day_from", "day_to", "tasks", "department"):
            self.fields.pop(name, None)
        self.fields["supervisor"].label = _("Wie ontvangt de leerling?")
        self.fields["new_name"].label = _("Naam van die persoon")

    # --- what the page shows beside the fields ------------------------------------------------

    @property
    def usual_hours(self) -> str:
        return hours_words(self.invitation.period.day_from, self.invitation.period.day_to)

    @property
    def days_open(self) -> bool:
        """What holds an answer or an error already is not folded away."""
        return self._filled("not_on")

    @property
    def hours_open(self) -> bool:
        return self._filled("day_from", "day_to")

    @property
    def is_taster(self) -> bool:
        return self.invitation.period.is_taster

    @property
    def parts_open(self) -> bool:
        return bool({"location", "department"} & set(self.errors)) or self._filled("department")

    def _filled(self, *names: str) -> bool:
        return any(self[name].value() or self[name].errors for name in names if name in self.fields)

    @property
    def given_elsewhere(self) -> list[tuple[str, str, int]]:
        """School, location where there is a choice of them, and places there."""
        named = {row.pk: str(row) for row in self.ground.locations}
        many = len(named) > 1
        total: Counter = Counter()
        for held in self.ground.elsewhere:
            where = named.get(held.location_id or 0, "") if many else ""
            total[held.school, where] += held.how_many
        return [(school, where, n) for (school, where), n in total.items()]

    # --- what comes back ----------------------------------------------------------------------

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        self._check_hours(data)
        chosen = self._chosen("department")
        if chosen and chosen.location_id and "location" in self.fields:
            elsewhere = data.get("location") not in (None, str(chosen.location_id))
            if elsewhere:
                self.add_error("department", _("Deze afdeling is op een andere locatie."))
        return data

    def _check_hours(self, data: dict) -> None:
        if "day_from" not in self.fields or {"day_from", "day_to"} & set(self.errors):
            return
        begin, end = data.get("day_from"), data.get("day_to")
        if bool(begin) != bool(end):
            self.add_error("day_to" if begin else "day_from", _("Vul beide tijden in, of geen."))
        elif begin and end and end <= begin:
            self.add_error("day_to", _("De eindtijd ligt voor de begintijd."))
        elif (
            begin and end and not minutes_of(None, begin, end, self.invitation.period.break_minutes)
        ):
            self.add_error("day_to", _("Zo blijft er naast de pauze geen werktijd over."))

    def _chosen(self, name: str) -> Any:
        """The location or department behind a choice; only those that the form offers."""
        rows: list[Location] | list[Department] = (
            self.ground.locations if name == "location" else self.ground.departments
        )
        wanted = self.cleaned_data.get(name)
        return next((row for row in rows if str(row.pk) == wanted), None)

    def values(self) -> dict:
        data = self.cleaned_data
        return {
            "seen": data["seen"],
            "how_many": data["how_many"],
            "weekdays": sorted(data["weekdays"]),
            "not_on": data.get("not_on", []),
            "day_from": data.get("day_from"),
            "day_to": data.get("day_to"),
            "location": self._chosen("location"),
            "department": self._chosen("department"),
            "keeps_department": "department" not in self.fields,
            "tasks": data.get("tasks"),
            "supervisor": self._supervisor(),
        }

    def _supervisor(self) -> Contact | NewPerson:
        data = self.cleaned_data
        if data["supervisor"] == SOMEBODY_ELSE:
            return NewPerson(data["new_name"], data["new_email"].lower(), data["new_telephone"])
        return next(c for c in self.ground.contacts if str(c.pk) == data["supervisor"])
