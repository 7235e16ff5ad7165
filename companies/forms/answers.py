"""What a company fills in after choosing yes, no or not now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from companies.enums import NoReason
from companies.models import Contact
from companies.services.answers import NewPerson, Reply
from stage.core.dutch.calendar import school_today
from stage.core.ui.dates import day_words
from stage.core.ui.forms import WEEKDAYS, Radios, Stepper, Ticks, WeekdayInput
from stage.schools.enums import PeriodKind

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SOMEBODY_ELSE = "new"
MAX_PLACES = 99


class AnswerForm(forms.Form):
    """What every answer carries: which state of affairs the visitor saw."""

    answer = ""
    heading: str | StrPromise = ""
    lead: str | StrPromise = ""  # under the heading; the period when empty
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, invitation, place=None, contacts=(), **kwargs):
        self.invitation, self.place, self.contacts = invitation, place, list(contacts)
        super().__init__(*args, **kwargs)

    def reply(self) -> Reply:
        return Reply(answer=self.answer, **self.values())

    def values(self) -> dict:
        return {"seen": self.cleaned_data["seen"]}


class YesForm(AnswerForm):
    """How many, which days, what work, who guides."""

    answer = "yes"
    heading = _("Fijn, u doet mee")
    how_many = forms.IntegerField(
        label=_("Hoeveel leerlingen kunnen er komen?"),
        min_value=1,
        max_value=MAX_PLACES,
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
    tasks = forms.CharField(
        label=_("Wat kan een leerling bij u doen?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    supervisor = forms.ChoiceField(label=_("Wie begeleidt de leerling?"), widget=Radios)
    new_name = forms.CharField(
        label=_("Naam van de begeleider"),
        max_length=160,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    new_email = forms.EmailField(
        label=_("E-mailadres van die persoon"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    new_telephone = forms.CharField(
        label=_("Telefoonnummer van die persoon"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        period = self.invitation.period
        words = dict(WEEKDAYS)
        self.fields["weekdays"].choices = [(n, words[n]) for n in period.weekdays]  # type: ignore[attr-defined]
        if period.kind == PeriodKind.BLOCK:
            days = period.days()
            self.fields["not_on"].choices = [(d.isoformat(), day_words(d)) for d in days]  # type: ignore[attr-defined]
        else:
            del self.fields["not_on"]
        self.fields["tasks"].widget.attrs["data-keep"] = f"answer-{self.invitation.public_id}"
        self._ask_new_person()
        choices = [(str(c.pk), c.name) for c in self.contacts]
        self.fields["supervisor"].choices = [*choices, (SOMEBODY_ELSE, _("Iemand anders"))]  # type: ignore[attr-defined]

    def _ask_new_person(self) -> None:
        """Name and address of a new supervisor: only shown, and then needed, when chosen."""
        needed = not self.is_bound or self.data.get("supervisor") == SOMEBODY_ELSE
        for name in ("new_name", "new_email"):
            self.fields[name].required = needed
            self.fields[name].error_messages["required"] = _(
                "Vul dit in voor de nieuwe begeleider."
            )

    def values(self) -> dict:
        data = self.cleaned_data
        return {
            "seen": data["seen"],
            "how_many": data["how_many"],
            "weekdays": sorted(data["weekdays"]),
            "not_on": data.get("not_on", []),
            "tasks": data["tasks"],
            "supervisor": self._supervisor(),
        }

    def _supervisor(self) -> Contact | NewPerson:
        data = self.cleaned_data
        if data["supervisor"] == SOMEBODY_ELSE:
            return NewPerson(data["new_name"], data["new_email"].lower(), data["new_telephone"])
        return next(c for c in self.contacts if str(c.pk) == data["supervisor"])


class NoForm(AnswerForm):
    """Why not, in one tap; a word more is welcome."""

    answer = "no"
    heading = _("Jammer, u doet niet mee")
    lead = _("Met uw reden helpt u de school.")
    no_reason = forms.ChoiceField(
        label=_("Waarom komt het niet uit?"), choices=NoReason, widget=Radios
    )
    reason = forms.CharField(
        label=_("Wilt u er iets bij zeggen?"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("seen", "no_reason", "reason")}


class LaterForm(AnswerForm):
    """From which month the school may ask again."""

    answer = "later"
    heading = _("Nu niet")
    lead = _("Wij vragen het dan later weer.")
    month = forms.ChoiceField(label=_("Vanaf welke maand mogen wij het weer vragen?"))
    reason = NoForm.base_fields["reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (d.isoformat(), f"{MONTHS[d.month]} {d.year}") for d in coming_months(school_today())
        ]

    def values(self) -> dict:
        data = self.cleaned_data
        return {
            "seen": data["seen"],
            "reason": data["reason"],
            "ask_again_on": date.fromisoformat(data["month"]),
        }


FORMS = {"yes": YesForm, "no": NoForm, "later": LaterForm}


def coming_months(today: date, count: int = 18) -> list[date]:
    """The first days of the months after this one."""
    first = today.year * 12 + today.month
    return [date(n // 12, n % 12 + 1, 1) for n in range(first, first + count)]
