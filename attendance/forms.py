"""What people fill in about a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from attendance.enums import MOOD_ICONS, PARTLY, AbsenceKind, Mood
from attendance.services.missed import wanted_for
from placements.changes.wanted import Wanted
from placements.enums import Missed
from placements.report_parts import ReportPart
from stage.core.dutch.calendar import minutes_of, school_day, school_today
from stage.core.templatetags.ui import icon
from stage.core.ui.dates import day_words
from stage.core.ui.forms import (
    ChoiceCards,
    DateInput,
    PhotoInput,
    Radios,
    TimeInput,
)

TODAY, TOMORROW, PERIOD = "today", "tomorrow", "period"


def check_days(form, first: str, last: str) -> None:
    """A first day from today on, and a last one that is not before it."""
    begin, end = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if begin is None and first not in form.errors:
        form.add_error(first, _("Kies de eerste dag."))
    elif begin is not None and begin < school_today():
        form.add_error(first, _("Kies vandaag of een dag die nog komt."))
    elif begin is not None and end is not None and end < begin:
        form.add_error(last, _("De laatste dag is niet eerder dan de eerste."))


class AbsenceForm(forms.Form):
    """Ill, later or away; today, tomorrow, or another day and longer."""

    kind = forms.ChoiceField(label=_("Wat is er?"), widget=ChoiceCards)
    when = forms.ChoiceField(label=_("Wanneer?"), widget=Radios, initial=TODAY)
    from_day = forms.DateField(label=_("Vanaf"), required=False, widget=DateInput)
    until_day = forms.DateField(
        label=_("Tot en met"),
        help_text=_("Leeg als het om een dag gaat."),
        required=False,
        widget=DateInput,
    )
    at_time = forms.TimeField(
        label=_("Hoe laat?"),
        help_text=_("Alleen bij later of eerder weg."),
        required=False,
        widget=TimeInput,
    )
    note = forms.CharField(
        label=_("Wil je er iets bij zeggen?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    KINDS = {
        "student": (
            (AbsenceKind.ILL, _("Ik ben ziek"), _("Tot je je weer beter meldt.")),
            (AbsenceKind.LATE, _("Ik kom later"), _("Vul in hoe laat je er bent.")),
            (AbsenceKind.EARLY, _("Ik ga eerder weg"), _("Vul in hoe laat je gaat.")),
            (AbsenceKind.APPOINTMENT, _("Ik heb een afspraak"), _("Tandarts, dokter, examen.")),
            (AbsenceKind.OTHER, _("Ik ben er niet"), _("Verlof of iets anders. Zeg erbij wat.")),
        ),
        "guardian": (
            (AbsenceKind.ILL, _("Mijn kind is ziek"), _("Tot het zich weer beter meldt.")),
            (AbsenceKind.LATE, _("Mijn kind komt later"), _("Vul in hoe laat.")),
            (AbsenceKind.EARLY, _("Mijn kind gaat eerder weg"), _("Vul in hoe laat.")),
            (AbsenceKind.APPOINTMENT, _("Mijn kind heeft een afspraak"), _("Tandarts, dokter.")),
            (AbsenceKind.OTHER, _("Mijn kind is er niet"), _("Verlof of iets anders.")),
        ),
        "company": (
            (AbsenceKind.OTHER, _("Is er niet, zonder bericht"), ""),
            (AbsenceKind.ILL, _("Heeft zich bij ons ziek gemeld"), ""),
            (AbsenceKind.LATE, _("Komt later"), _("Vul in hoe laat.")),
            (AbsenceKind.EARLY, _("Gaat eerder weg"), _("Vul in hoe laat.")),
            (AbsenceKind.APPOINTMENT, _("Heeft een afspraak"), ""),
        ),
        "staff": (
            (AbsenceKind.OTHER, _("Is er niet"), _("Verlof of iets anders.")),
            (AbsenceKind.APPOINTMENT, _("Heeft een afspraak"), ""),
            (AbsenceKind.ILL, _("Is ziek"), _("Tot iemand de leerling beter meldt.")),
            (AbsenceKind.LATE, _("Komt later"), _("Vul in hoe laat.")),
            (AbsenceKind.EARLY, _("Gaat eerder weg"), _("Vul in hoe laat.")),
        ),
    }
    NOTE_HELP = {
        "student": _("Ben je ziek? Dan hoef je niet te schrijven wat je hebt."),
        "guardian": _("Bij ziekte hoeft u niet te schrijven wat uw kind heeft."),
        "company": _("Bijvoorbeeld: wij hebben gebeld en kregen geen gehoor."),
        "staff": _("Het bedrijf leest dit ook."),
    }

    def __init__(self, *args, audience: str = "student", said_at=None, **kwargs):
        super().__init__(*args, **kwargs)
        # "Tomorrow" is the day after it was said, not after it arrived.
        self.today = school_day(said_at) if said_at else school_today()
        kinds = self.KINDS[audience]
        self.fields["kind"].choices = [(kind.value, label) for kind, label, _hint in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].widget.hints = {kind.value: hint for kind, _label, hint in kinds}
        self.fields["when"].choices = [  # type: ignore[attr-defined]
            (TODAY, _("Vandaag")),
            (TOMORROW, _("Morgen")),
            (PERIOD, _("Een andere dag, of langer")),
        ]
        # Not "may stay empty": whether it may, follows from what was chosen.
        self.fields["at_time"].sometimes = True  # type: ignore[attr-defined]
        self.fields["note"].help_text = self.NOTE_HELP[audience]
        # Asked once that is chosen.
        for name in ("from_day", "until_day"):
            self.fields[name].sometimes = True  # type: ignore[attr-defined]
        if audience not in ("student", "staff"):
            self.fields["note"].label = _("Wilt u er iets bij zeggen?")

    def clean(self):
        data = super().clean() or {}
        if data.get("kind") in PARTLY and not data.get("at_time") and "at_time" not in self.errors:
            self.add_error("at_time", _("Vul in hoe laat."))
        if data.get("when") == PERIOD:
            check_days(self, "from_day", "until_day")
            if data.get("kind") == AbsenceKind.ILL:
                self.add_error("when", _("Ziek meld je voor vandaag of morgen."))
        return data

    @property
    def until(self) -> date:
        """The last day of what was chosen."""
        is_period = self.cleaned_data["when"] == PERIOD
        return (self.cleaned_data["until_day"] if is_period else None) or self.day

    @property
    def day(self) -> date:
        """The day that was chosen, on the Dutch calendar."""
        if self.cleaned_data["when"] == PERIOD:
            return self.cleaned_data["from_day"]
        days = 1 if self.cleaned_data["when"] == TOMORROW else 0
        return self.today + timedelta(days=days)


class ReportForm(forms.Form):
    """A day in a few words. A photo only where there is consent."""

    text = forms.CharField(
        label=_("Wat heb je gedaan?"),
        help_text=_(
            "Denk aan: wat deed je, wat ging goed, wat was lastig, wat heb je geleerd? "
            "Liever praten? Druk op de microfoon van je toetsenbord."
        ),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    mood = forms.ChoiceField(label=_("Hoe ging het?"), required=False, widget=ChoiceCards)
    photo = forms.FileField(label=_("Foto van je werk"), required=False, widget=PhotoInput)
    drop_photo = forms.BooleanField(label=_("Haal de foto weg"), required=False)

    def __init__(
        self,
        *args,
        keep: str,
        may_photo: bool,
        has_photo: bool = False,
        parts: Iterable[tuple[ReportPart, Mapping, Mapping]] = (),
        **kwargs,
    ):
        """`parts`: what other apps ask, with its fields and what was said before."""
        super().__init__(*args, **kwargs)
        self.asked = [(part, list(fields)) for part, fields, _values in parts]
        for part, fields, values in parts:
            for name, asked in fields.items():
                self.fields[f"{part.key}-{name}"] = asked
                self.initial.setdefault(f"{part.key}-{name}", values.get(name))
        self.fields["text"].widget.attrs["data-keep"] = keep
        self.fields["mood"].choices = [  # type: ignore[attr-defined]
            (mood.value, format_html("{} {}", icon(MOOD_ICONS[mood]), mood.label)) for mood in Mood
        ]
        if not may_photo:
            del self.fields["photo"]
        if not has_photo:
            del self.fields["drop_photo"]

    @property
    def groups(self) -> list[tuple]:
        """Per part of another app its title and its fields."""
        return [
            (part.title, [self[f"{part.key}-{name}"] for name in names])
            for part, names in self.asked
        ]

    def said_of(self, part: ReportPart, names: Iterable[str]) -> dict:
        """What was typed of one part, by its own names."""
        return {name: self.cleaned_data.get(f"{part.key}-{name}") for name in names}


class SettleForm(forms.Form):
    """What a missing student's day came to."""

    outcome = forms.ChoiceField(
        choices=[("present", ""), ("ill", ""), ("absent", "")],
    )
    reason = forms.CharField(max_length=300, required=False)
    excused = forms.NullBooleanField(required=False)


class MissedForm(forms.Form):
    """What becomes of a missed day. Who only proposes names a day and says why."""

    outcome = forms.ChoiceField(
        label=_("Wat gebeurt er met deze dag?"),
        choices=[(o.value, o.label) for o in Missed if o != Missed.OPEN],
        widget=ChoiceCards,
        initial=Missed.CAUGHT_UP.value,
        error_messages={"required": _("Kies wat er met deze dag gebeurt.")},
    )
    on = forms.DateField(label=_("Inhalen op"), widget=DateInput, required=False)
    day_from = forms.TimeField(label=_("Van"), widget=TimeInput, required=False)
    day_to = forms.TimeField(label=_("Tot"), widget=TimeInput, required=False)
    agreed_with = forms.CharField(
        label=_("Met wie van het bedrijf is dit afgesproken?"), max_length=120, required=False
    )
    agreed_on = forms.DateField(label=_("Wanneer afgesproken?"), widget=DateInput, required=False)
    words = forms.CharField(
        label=_("Waarom?"),
        help_text=_("Nodig als de dag niet wordt ingehaald."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": 500}),
    )
    # Asked once a rule of working time is not met on the new day.
    rule_reason = forms.CharField(
        label=_("Waarom kan dit toch?"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": 500}),
    )

    def __init__(self, *args, placement, day, asking: bool, initial=None, **kwargs):
        self.placement, self.day, self.asking = placement, day, asking
        begins = {
            "day_from": f"{placement.day_from:%H:%M}",
            "day_to": f"{placement.day_to:%H:%M}",
            "agreed_on": school_today(),
            "agreed_with": placement.supervisor_now.name if placement.supervisor_now else "",
        }
        super().__init__(*args, initial={**begins, **(initial or {})}, **kwargs)
        if asking:
            for name in ("outcome", "agreed_with", "agreed_on", "rule_reason"):
                del self.fields[name]
            self.fields["words"].label = _("Toelichting")
            self.fields["words"].help_text = ""

    def clean(self):
        data = super().clean() or {}
        outcome = data.get("outcome") if not self.asking else Missed.CAUGHT_UP.value
        if outcome == Missed.CAUGHT_UP:
            self._check_new_day(data)
        elif outcome and not data.get("words", "").strip():
            self.add_error("words", _("Schrijf in een zin waarom."))
        return data

    def _check_new_day(self, data: dict) -> None:
        today, on = school_today(), data.get("on")
        if not on and "on" not in self.errors:
            self.add_error("on", _("Kies de dag waarop het wordt ingehaald."))
        elif on and on < today:
            self.add_error("on", _("Kies vandaag of een dag die nog komt."))
        elif on and (on - today).days > 366:
            self.add_error("on", _("Kies een dag binnen een jaar."))
        begin, end = data.get("day_from"), data.get("day_to")
        for name in ("day_from", "day_to"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Vul een tijd in."))
        if begin and end and end <= begin:
            self.add_error("day_to", _("De eindtijd is na de begintijd."))
        elif begin and end and not minutes_of(None, begin, end, self.placement.break_minutes):
            self.add_error("day_to", _("Zo kort is korter dan de pauze."))
        if not self.asking:
            self._check_agreed(data, today)

    def _check_agreed(self, data: dict, today: date) -> None:
        if not data.get("agreed_with", "").strip():
            self.add_error("agreed_with", _("Schrijf met wie van het bedrijf het is."))
        if not data.get("agreed_on"):
            if "agreed_on" not in self.errors:
                self.add_error("agreed_on", _("Kies wanneer dit is afgesproken."))
        elif data["agreed_on"] > today:
            self.add_error("agreed_on", _("Die dag moet nog komen."))

    @property
    def wanted(self) -> Wanted:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        outcome = Missed.CAUGHT_UP.value if self.asking else data["outcome"]
        words = data["words"].strip()
        if outcome != Missed.CAUGHT_UP:
            return wanted_for(self.day, outcome, words=words)
        if not self.asking:
            agreed = _("Afgesproken met %(who)s op %(day)s.") % {
                "who": data["agreed_with"].strip(),
                "day": day_words(data["agreed_on"]),
            }
            words = f"{agreed} {words}".strip()
        wanted = wanted_for(
            self.day,
            outcome,
            words=words,
            on=data["on"],
            day_from=data["day_from"],
            day_to=data["day_to"],
        )
        return replace(wanted, rule_reason=data.get("rule_reason", "").strip())
