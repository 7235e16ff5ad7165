"""What a school chooses about days at work."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.models import AttendanceSettings
from companies.enums import WAY_HINTS, AttendanceMode
from stage.core.ui.forms import Radios
from stage.schools.forms.settings_page import SettingsForm

MOST_OFFLINE_HOURS = 7 * 24  # the walls let no older one in


class AttendanceSettingsForm(SettingsForm):
    """What the school calls late, and how its students are signed in."""

    class Meta:
        model = AttendanceSettings
        fields = [
            *("way", "late_after_minutes", "offline_hours", "guardians_hear"),
            *("alarm_after_minutes", "alarm_next_minutes", "alarm_guardians"),
        ]
        widgets = {"way": Radios(hints=WAY_HINTS)}
        help_texts = {
            "way": _(
                "Zo melden leerlingen zich aan, en iets anders telt niet."
                " Een bedrijf waar dit anders is afgesproken, houdt dat."
            ),
            "late_after_minutes": _("Wie later komt dan dit na de begintijd, staat op te laat."),
            "guardians_hear": _(
                "Van minderjarige leerlingen, twee minuten na de melding. Niet aan wie zelf meldde."
            ),
            "alarm_after_minutes": _("Zo lang na de begintijd, als niemand iets hoorde."),
            "alarm_next_minutes": _("Als dan nog niemand iets hoorde en niemand heeft gebeld."),
            "alarm_guardians": _("Tegelijk met de stagebegeleider, bij minderjarige leerlingen."),
            "offline_hours": _(
                "Zonder internet wacht een aanmelding op de telefoon. Zo oud mag die zijn als hij"
                " binnenkomt; u ziet dat hij later kwam. 0: alleen met internet."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Without the empty choice: there is always an answer.
        self.fields["way"].choices = AttendanceMode.choices  # type: ignore[attr-defined]

    def clean_late_after_minutes(self) -> int:
        return self._at_most("late_after_minutes")

    def clean_alarm_after_minutes(self) -> int:
        return self._at_most("alarm_after_minutes")

    def clean_alarm_next_minutes(self) -> int:
        minutes = self._at_most("alarm_next_minutes")
        if minutes <= self.cleaned_data.get("alarm_after_minutes", -1):
            raise forms.ValidationError(_("Kies meer minuten dan bij de stagebegeleider."))
        return minutes

    def _at_most(self, name: str) -> int:
        minutes = self.cleaned_data[name]
        if minutes > 240:
            raise forms.ValidationError(_("Kies ten hoogste 240 minuten."))
        return minutes

    def clean_offline_hours(self) -> int:
        hours = self.cleaned_data["offline_hours"]
        if hours > MOST_OFFLINE_HOURS:
            raise forms.ValidationError(_("Kies ten hoogste 168 uur: een week."))
        return hours
