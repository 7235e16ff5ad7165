"""Other days, times or dates, and days on which there is no work."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from placements.enums import ChangeKind
from placements.forms.changes.base import ChangeForm, check_span
from stage.core.dutch.calendar import minutes_of, school_today
from stage.core.ui.forms import DateInput, Stepper, TimeInput, WeekdaysField

MAX_DAYS = 2 * 366


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
        check_span(self, data)
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
        check_span(self, data)
        return data

    def _own(self) -> dict:
        return {"until_on": self.cleaned_data["until_on"]}
