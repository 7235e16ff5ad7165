"""What people fill in about a day."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from attendance.enums import MOOD_ICONS, AbsenceKind, Mood
from attendance.models import AttendanceSettings
from companies.enums import AttendanceMode
from stage.core.dutch.calendar import school_today
from stage.core.templatetags.ui import icon
from stage.core.ui.forms import ChoiceCards, CodeInput, PhotoInput, Radios
from stage.core.who.codes import normalise_code
from stage.schools.forms.settings_page import SettingsForm

TODAY, TOMORROW = "today", "tomorrow"


class AttendanceSettingsForm(SettingsForm):
    """What the school calls late, and how its students are signed in."""

    class Meta:
        model = AttendanceSettings
        fields = ["way", "late_after_minutes"]
        widgets = {"way": Radios}
        help_texts = {
            "way": _(
                "Zo melden leerlingen zich aan, en iets anders telt niet."
                " Een bedrijf waar dit anders is afgesproken, houdt dat."
            ),
            "late_after_minutes": _("Wie later komt dan dit na de begintijd, staat op te laat."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Without the empty choice: there is always an answer.
        self.fields["way"].choices = AttendanceMode.choices  # type: ignore[attr-defined]

    def clean_late_after_minutes(self) -> int:
        minutes = self.cleaned_data["late_after_minutes"]
        if minutes > 240:
            raise forms.ValidationError(_("Kies ten hoogste 240 minuten."))
        return minutes


class TypedCodeForm(forms.Form):
    """The code under the QR on the poster."""

    code = forms.CharField(
        label=_("Code op de poster"),
        help_text=_("Tien tekens, onder het vierkante plaatje."),
        max_length=24,
        widget=CodeInput(attrs={"inputmode": "text", "autocomplete": "off"}, length=10),
    )

    def clean_code(self) -> str:
        return normalise_code(self.cleaned_data["code"])[:20]


class AbsenceForm(forms.Form):
    """Ill, later or away; today or tomorrow."""

    kind = forms.ChoiceField(label=_("Wat is er?"), widget=ChoiceCards)
    when = forms.ChoiceField(label=_("Wanneer?"), widget=Radios, initial=TODAY)
    note = forms.CharField(
        label=_("Toelichting"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    KINDS = {
        "student": (
            (AbsenceKind.ILL, _("Ik ben ziek"), _("Tot je je weer beter meldt.")),
            (AbsenceKind.LATE, _("Ik kom later"), _("Schrijf erbij hoe laat je er bent.")),
            (AbsenceKind.APPOINTMENT, _("Ik heb een afspraak"), _("Tandarts, dokter, examen.")),
        ),
        "guardian": (
            (AbsenceKind.ILL, _("Mijn kind is ziek"), _("Tot het zich weer beter meldt.")),
            (AbsenceKind.LATE, _("Mijn kind komt later"), _("Schrijf erbij hoe laat.")),
            (AbsenceKind.APPOINTMENT, _("Mijn kind heeft een afspraak"), _("Tandarts, dokter.")),
        ),
        "company": (
            (AbsenceKind.OTHER, _("Is er niet, zonder bericht"), ""),
            (AbsenceKind.ILL, _("Heeft zich bij ons ziek gemeld"), ""),
            (AbsenceKind.LATE, _("Komt later"), _("Schrijf erbij hoe laat.")),
            (AbsenceKind.APPOINTMENT, _("Heeft een afspraak"), ""),
        ),
    }
    NOTE_HELP = {
        "student": _("Ben je ziek? Dan hoef je niet te schrijven wat je hebt."),
        "guardian": _("Bij ziekte hoeft u niet te schrijven wat uw kind heeft."),
        "company": _("Bijvoorbeeld: wij hebben gebeld en kregen geen gehoor."),
    }

    def __init__(self, *args, audience: str = "student", **kwargs):
        super().__init__(*args, **kwargs)
        kinds = self.KINDS[audience]
        self.fields["kind"].choices = [(kind.value, label) for kind, label, _hint in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].widget.hints = {kind.value: hint for kind, _label, hint in kinds}
        self.fields["when"].choices = [(TODAY, _("Vandaag")), (TOMORROW, _("Morgen"))]  # type: ignore[attr-defined]
        self.fields["note"].help_text = self.NOTE_HELP[audience]

    @property
    def day(self) -> date:
        """The day that was chosen, on the Dutch calendar."""
        days = 1 if self.cleaned_data["when"] == TOMORROW else 0
        return school_today() + timedelta(days=days)


class ReportForm(forms.Form):
    """A day in a few words. A photo only where there is consent."""

    text = forms.CharField(
        label=_("Wat heb je gedaan?"),
        help_text=_("Denk aan: wat deed je, wat ging goed, wat was lastig, wat heb je geleerd?"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    mood = forms.ChoiceField(label=_("Hoe ging het?"), required=False, widget=ChoiceCards)
    photo = forms.FileField(label=_("Foto van je werk"), required=False, widget=PhotoInput)
    drop_photo = forms.BooleanField(label=_("Haal de foto weg"), required=False)

    def __init__(self, *args, keep: str, may_photo: bool, has_photo: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-keep"] = keep
        self.fields["mood"].choices = [  # type: ignore[attr-defined]
            (mood.value, format_html("{} {}", icon(MOOD_ICONS[mood]), mood.label)) for mood in Mood
        ]
        if not may_photo:
            del self.fields["photo"]
        if not has_photo:
            del self.fields["drop_photo"]


class SettleForm(forms.Form):
    """What a missing student's day came to."""

    outcome = forms.ChoiceField(
        choices=[("present", ""), ("ill", ""), ("absent", "")],
    )
    reason = forms.CharField(max_length=300, required=False)
    excused = forms.NullBooleanField(required=False)
