"""What changes in a placement: one form per kind, for who decides and for who asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Contact
from placements.board import Option
from placements.changes.wanted import Wanted
from placements.enums import ENDINGS, ChangeKind, ChangeReason, Heard
from placements.forms import name_and_address
from placements.models import Placement
from placements.queries import Load
from stage.core.dutch.calendar import minutes_of, school_today
from stage.core.ui.forms import DateInput, Stepper, Ticks, TimeInput, WeekdaysField

# Where nobody has to explain: it was agreed.
_PLAIN_KINDS = (
    ChangeKind.SCHEDULE,
    ChangeKind.DATES,
    ChangeKind.SUPERVISOR,
    ChangeKind.TEACHER,
)
_FROM = {
    ChangeKind.STOP: _("Eerste dag zonder stage"),
    ChangeKind.MOVE: _("Eerste dag bij het nieuwe bedrijf"),
    ChangeKind.PAUSE: _("Eerste dag van de pauze"),
}
_WITHOUT_DAY = (ChangeKind.OFF, ChangeKind.DATES, ChangeKind.SUPERVISOR, ChangeKind.TEACHER)


class HeardField(forms.MultipleChoiceField):
    """Who was heard: asked for, unless it is explained why nobody was (`ChangeForm.clean`)."""

    def validate(self, value) -> None:
        if value:
            super().validate(value)


class ChangeForm(forms.Form):
    """When and why; the kinds below add what they are about.

    `asking`: the school decides later, so only what the asker knows is asked. `placement` gives
    what stands there now.
    """

    kind: ChangeKind
    from_on = forms.DateField(
        label=_("Vanaf welke dag?"),
        widget=DateInput,
        error_messages={"required": _("Kies vanaf welke dag.")},
    )
    reason = forms.ChoiceField(
        label=_("Waarom?"),
        choices=[("", _("Kies een reden")), *ChangeReason.choices],
        error_messages={"required": _("Kies waarom.")},
    )
    words = forms.CharField(
        label=_("Toelichting"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "maxlength": 1000}),
    )
    heard = HeardField(
        label=_("Met wie is hierover gesproken?"),
        help_text=_("Zo staat het in de overeenkomst: de school hoort eerst alle drie."),
        choices=Heard.choices,
        widget=Ticks,
    )
    # Asked on the page that shows what the change touches, where a rule is not met.
    rule_reason = forms.CharField(
        label=_("Waarom kan dit toch?"), required=False, max_length=500, widget=forms.HiddenInput
    )

    def __init__(self, *args, placement: Placement, asking: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.placement, self.asking = placement, asking
        today = school_today()
        self.fields["from_on"].initial = max(today, placement.starts)
        self.fields["from_on"].label = _FROM.get(self.kind, self.fields["from_on"].label)
        if self.kind in _WITHOUT_DAY:
            del self.fields["from_on"]
        if self.kind in _PLAIN_KINDS:
            self.fields["reason"].initial = ChangeReason.AGREED
        if self.kind not in ENDINGS or asking:
            del self.fields["heard"]
        if asking:
            del self.fields["rule_reason"]
            self.fields["words"].required = True
            self.fields["words"].label = _("Leg kort uit wat er is")
            self.fields["words"].error_messages["required"] = _("Schrijf in een zin wat er is.")

    def clean_from_on(self) -> date:
        day = self.cleaned_data["from_on"]
        first = self.earliest
        if day < first:
            text = _("Kies een dag vanaf %(day)s.") % {"day": f"{first:%d-%m-%Y}"}
            raise forms.ValidationError(text)
        if day > self.placement.ends:
            text = _("De stage loopt tot en met %(day)s.") % {
                "day": f"{self.placement.ends:%d-%m-%Y}"
            }
            raise forms.ValidationError(text)
        return day

    @property
    def earliest(self) -> date:
        """The first day from which this can change."""
        return max(school_today(), self.placement.starts)

    def clean(self):
        data = super().clean() or {}
        if data.get("reason") == ChangeReason.OTHER and not data.get("words", "").strip():
            self.add_error("words", _("Schrijf in een zin waarom."))
        if "heard" in self.fields and not data.get("heard") and not data.get("words", "").strip():
            self.add_error("heard", _("Kies met wie is gesproken, of leg uit waarom dat niet kon."))
        return data

    @property
    def visible(self) -> list[forms.BoundField]:
        """The fields in order: what it is about, then why."""
        about = [self[name] for name in self.fields if name not in _LAST]
        return about + [self[name] for name in _LAST if name in self.fields]

    @property
    def wanted(self) -> Wanted:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        common = {
            "kind": self.kind,
            "from_on": data.get("from_on") or self.earliest,
            "reason": data["reason"],
            "words": data["words"].strip(),
            "heard": tuple(data.get("heard", ())),
            "rule_reason": data.get("rule_reason", "").strip(),
        }
        return Wanted(**common, **self._own())

    def _own(self) -> dict:
        """What this kind adds."""
        return {}


_LAST = ("reason", "words", "heard")


class ScheduleForm(ChangeForm):
    """Other weekdays or times, from a day on or for a while."""

    kind = ChangeKind.SCHEDULE
    until_on = forms.DateField(
        label=_("Tot en met"),
        help_text=_("Leeg: tot het einde van de stage."),
        required=False,
        widget=DateInput,
    )
    weekdays = WeekdaysField(label=_("Dagen in de week"), weekend=True)
    day_from = forms.TimeField(label=_("Begintijd"), widget=TimeInput)
    day_to = forms.TimeField(label=_("Eindtijd"), widget=TimeInput)
    break_minutes = forms.IntegerField(
        label=_("Pauze (minuten)"), min_value=0, max_value=180, widget=Stepper({"step": "5"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("weekdays", "day_from", "day_to", "break_minutes"):
            self.fields[name].initial = getattr(self.placement, name)

    def clean(self):
        data = super().clean()
        begin, end, pause = data.get("day_from"), data.get("day_to"), data.get("break_minutes")
        if begin and end and end <= begin:
            self.add_error("day_to", _("De eindtijd is na de begintijd."))
        elif begin and end and not minutes_of(None, begin, end, pause or 0):
            self.add_error("break_minutes", _("Zo lang kan de pauze niet duren."))
        _check_span(self, data)
        return data

    def _own(self) -> dict:
        names = ("until_on", "day_from", "day_to", "break_minutes")
        own = {name: self.cleaned_data[name] for name in names}
        return {**own, "weekdays": tuple(self.cleaned_data["weekdays"])}


class DatesForm(ChangeForm):
    """Another first or last day."""

    kind = ChangeKind.DATES
    starts = forms.DateField(label=_("Eerste dag"), widget=DateInput)
    ends = forms.DateField(label=_("Laatste dag"), widget=DateInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts", "ends"):
            self.fields[name].initial = getattr(self.placement, name)

    def clean(self):
        data = super().clean()
        starts, ends, today = data.get("starts"), data.get("ends"), school_today()
        placement = self.placement
        if starts and starts != placement.starts and min(starts, placement.starts) < today:
            text = _("De eerste dag is al geweest. Die verandert niet meer.")
            self.add_error("starts", text)
        if ends and ends != placement.ends and ends < today:
            self.add_error("ends", _("Kies een dag die nog komt."))
        if starts and ends and ends < starts:
            self.add_error("ends", _("De laatste dag ligt voor de eerste."))
        elif starts and ends and (ends - starts).days > MAX_DAYS:
            self.add_error("ends", _("Een stage duurt ten hoogste twee jaar."))
        return data

    def _own(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("starts", "ends")}


MAX_DAYS = 2 * 366


class PauseForm(ChangeForm):
    """Days on which there is no work."""

    kind = ChangeKind.PAUSE
    until_on = forms.DateField(
        label=_("Laatste dag van de pauze"),
        widget=DateInput,
        error_messages={"required": _("Kies de laatste dag van de pauze.")},
    )

    def clean(self):
        data = super().clean()
        _check_span(self, data)
        return data

    def _own(self) -> dict:
        return {"until_on": self.cleaned_data["until_on"]}


class SupervisorForm(ChangeForm):
    """Somebody else at the company guides."""

    kind = ChangeKind.SUPERVISOR

    def __init__(self, *args, contacts: Sequence[Contact], **kwargs):
        super().__init__(*args, **kwargs)
        self.contacts = {c.pk: c for c in contacts}
        self.fields["supervisor"] = forms.TypedChoiceField(
            label=_("Wie begeleidt nu?"),
            help_text=""
            if self.asking
            else _("Kijk naar het e-mailadres. Wie je kiest, ziet deze leerling."),
            choices=[("", _("Nog niemand")), *((c.pk, name_and_address(c)) for c in contacts)],
            coerce=int,
            empty_value=None,
            required=False,
            initial=self.placement.supervisor_id,
        )

    def _own(self) -> dict:
        return {"supervisor": self.contacts.get(self.cleaned_data["supervisor"])}


class TeacherForm(ChangeForm):
    """Another colleague guides from the school."""

    kind = ChangeKind.TEACHER

    def __init__(self, *args, loads: Sequence[Load], **kwargs):
        super().__init__(*args, **kwargs)
        self.teachers = {load.membership.pk: load.membership for load in loads}
        names = [(x.membership.pk, f"{x.membership.name} ({x.students})") for x in loads]
        self.fields["teacher"] = forms.TypedChoiceField(
            label=_("Wie begeleidt nu?"),
            help_text=_("Het getal is het aantal leerlingen in deze periode."),
            choices=[("", _("Nog niemand")), *names],
            coerce=int,
            empty_value=None,
            required=False,
            initial=self.placement.teacher_id,
        )

    def _own(self) -> dict:
        return {"teacher": self.teachers.get(self.cleaned_data["teacher"])}


class MoveForm(ChangeForm):
    """It ends here and begins at another company."""

    kind = ChangeKind.MOVE

    def __init__(self, *args, options: Sequence[Option] = (), **kwargs):
        super().__init__(*args, **kwargs)
        if self.asking:
            return
        self.places = {o.place.public_id: o.place for o in options}
        names = [(o.place.public_id, f"{o.place.company.name} ({o.free})") for o in options]
        self.fields["place"] = forms.ChoiceField(
            label=_("Naar welk bedrijf?"),
            help_text=_("Het getal is het aantal vrije plekken."),
            choices=[("", _("Kies een bedrijf")), *names],
            error_messages={"required": _("Kies een bedrijf.")},
        )
        self.fields["unsigned_reason"] = forms.CharField(
            label=_("Mag de leerling daar al beginnen zonder handtekeningen? Waarom?"),
            help_text=_("Leeg: de leerling begint als de nieuwe overeenkomst getekend is."),
            required=False,
            max_length=500,
        )
        self.order_fields(["place", "from_on", "unsigned_reason", *self.fields])

    def _own(self) -> dict:
        if self.asking:
            return {}
        return {
            "place": self.places[self.cleaned_data["place"]],
            "unsigned_reason": self.cleaned_data["unsigned_reason"].strip(),
        }


class OffForm(ChangeForm):
    """It does not begin."""

    kind = ChangeKind.OFF


class StopForm(ChangeForm):
    """It ends before its last day."""

    kind = ChangeKind.STOP

    @property
    def earliest(self) -> date:
        """Also in the past: who stayed away since Monday stopped on Monday."""
        return self.placement.starts


def _check_span(form: ChangeForm, data: dict) -> None:
    first, last = data.get("from_on"), data.get("until_on")
    if first and last and last < first:
        form.add_error("until_on", _("De laatste dag ligt voor de eerste."))
    elif last and last > form.placement.ends:
        text = _("De stage loopt tot en met %(day)s.") % {"day": f"{form.placement.ends:%d-%m-%Y}"}
        form.add_error("until_on", text)


class RefuseChangeForm(forms.Form):
    """The school's no to what was asked."""

    answer = forms.CharField(
        label=_("Waarom niet?"),
        help_text=_("Wie het vroeg, leest dit."),
        max_length=500,
        widget=forms.Textarea({"rows": 3, "maxlength": 500}),
        error_messages={"required": _("Schrijf in een zin waarom niet.")},
    )


FORMS: dict[ChangeKind, type[ChangeForm]] = {
    form.kind: form
    for form in (
        ScheduleForm,
        DatesForm,
        PauseForm,
        SupervisorForm,
        TeacherForm,
        MoveForm,
        OffForm,
        StopForm,
    )
}
