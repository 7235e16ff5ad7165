"""Writing a campaign and saying when it goes."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies import letters
from companies.forms.wanted import WantedFields
from companies.models import Campaign
from stage.core.dutch.calendar import local_datetime, school_today
from stage.core.ui.forms import ChoiceCards, DateInput, TimeInput
from stage.schools.models import Group

MAX_REMINDERS = 3
MAX_ATTACHMENT = 5  # MB; it goes along with every mail, and mailboxes refuse big ones


class CampaignForm(WantedFields):
    """Subject, letter and dates; an unknown merge field is an error beside its box."""

    upload = forms.FileField(
        label=_("Bijlage"),
        required=False,
        help_text=_("Eén PDF of afbeelding, ten hoogste 5 MB. Gaat mee met elke brief."),
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={"empty": _("Dit bestand is leeg.")},
    )
    drop_attachment = forms.BooleanField(label=_("Bijlage weghalen"), required=False)

    class Meta:
        model = Campaign
        fields = ["group", "subject", "letter", "answer_before", "reminder_days"]
        labels = {"group": _("Groep")}
        help_texts = {
            "reminder_days": _("Zoveel dagen na de brief, met komma's. Stopt bij een antwoord.")
        }
        widgets = {"letter": forms.Textarea({"rows": 16}), "answer_before": DateInput}

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["reminder_days"].show_hidden_initial = False
        groups = Group.objects.visible_to(actor).select_related("period")
        self.fields["group"].queryset = groups.order_by("-period__starts", "name", "pk")  # type: ignore[attr-defined]
        self.fields["group"].label_from_instance = lambda g: f"{g.name} – {g.period.name}"  # type: ignore[attr-defined]
        keep = f"letter-{self.instance.public_id if self.instance.pk else 'new'}"
        self.fields["letter"].widget.attrs["data-keep"] = keep
        if not self.instance.attachment_id:
            del self.fields["drop_attachment"]
        if self.instance.pk:
            del self.fields["group"]
            for name in ("subject", "letter"):
                self.initial[name] = letters.readable(self.initial[name])
        else:
            found = list(self.fields["group"].queryset[:2])  # type: ignore[attr-defined]
            if len(found) == 1 and not self.initial.get("group"):
                self.initial["group"] = found[0]
            chosen = self.initial.get("group")
            subject, letter = letters.default_for(chosen.period if chosen else None)
            self.initial["subject"] = self.initial["subject"] or subject
            self.initial["letter"] = self.initial["letter"] or letter
        self.add_wanted(self.instance.group if self.instance.pk else self.initial.get("group"))

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload and upload.size > MAX_ATTACHMENT * 1024 * 1024:
            raise forms.ValidationError(
                _("Dit bestand is groter dan %(most)s MB. Kies een kleiner bestand."),
                params={"most": MAX_ATTACHMENT},
            )
        return upload

    def clean(self) -> dict:
        """A text that nobody touched is that of the group which was chosen in the end."""
        data = super().clean() or self.cleaned_data
        chosen = data.get("group")
        if chosen is not None:
            right = letters.default_for(chosen.period)
            for name, fitting, other in zip(
                ("subject", "letter"), right, _other_default(right), strict=True
            ):
                if " ".join(data.get(name, "").split()) == " ".join(other.split()):
                    data[name] = fitting
        return data

    def values(self) -> dict:
        """What was filled in, by field of the campaign."""
        names = [name for name in self._meta.fields or () if name in self.fields]
        kept = {name: self.cleaned_data[name] for name in names}
        return {**kept, "wanted": self.instance.wanted}

    def clean_answer_before(self):
        day = self.cleaned_data["answer_before"]
        if day and day <= school_today():
            raise forms.ValidationError(_("Kies een dag die nog komt."))
        return day

    def clean_reminder_days(self):
        days = self.cleaned_data["reminder_days"] or []
        if len(days) > MAX_REMINDERS or any(not 1 <= n <= 60 for n in days):
            raise forms.ValidationError(
                _(
                    "Kies hoogstens drie keer 1 tot 60 dagen, bijvoorbeeld 7, 14. Of laat leeg:"
                    " geen herinnering."
                )
            )
        return sorted(set(days))


def _other_default(right: tuple[str, str]) -> tuple[str, str]:
    usual = (letters.DEFAULT_SUBJECT, letters.DEFAULT_LETTER)
    return (letters.TASTER_SUBJECT, letters.TASTER_LETTER) if right == usual else usual


class SendForm(forms.Form):
    """Now, or at a moment that still comes."""

    when = forms.ChoiceField(
        label=_("Wanneer"),
        choices=[("now", _("Nu versturen")), ("later", _("Later versturen"))],
        widget=ChoiceCards,
        initial="now",
    )
    day = forms.DateField(label=_("Dag"), widget=DateInput, required=False)
    time = forms.TimeField(label=_("Tijd"), widget=TimeInput, required=False)

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if data.get("when") != "later":
            return data
        if not data.get("day") or not data.get("time"):
            self.add_error("day", _("Kies een dag en een tijd."))
            return data
        data["at"] = local_datetime(data["day"], data["time"])
        if data["at"] < timezone.now() + timedelta(minutes=1):
            self.add_error("day", _("Dit moment is al voorbij. Kies een later moment."))
        return data
