"""When something changes in a placement and why: what every kind of change asks."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from placements.changes.wanted import Wanted
from placements.enums import ENDINGS, ChangeKind, ChangeReason, Heard
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.ui.forms import DateInput, Ticks

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
_WITHOUT_DAY = (ChangeKind.OFF, ChangeKind.DATES, ChangeKind.TEACHER)


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
        choices=ChangeReason.choices,
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

    # Why this can be; a kind names those that fit it.
    reasons: tuple[ChangeReason, ...] = (
        ChangeReason.AGREED,
        ChangeReason.FIT,
        ChangeReason.ILLNESS,
        ChangeReason.NO_WORK,
        ChangeReason.SCHOOL_PLAN,
        ChangeReason.SCHOOL_DAY,
        ChangeReason.CLOSED,
        ChangeReason.TRAVEL,
        ChangeReason.OTHER,
    )

    def __init__(self, *args, placement: Placement, asking: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.placement, self.asking = placement, asking
        named = [(reason.value, reason.label) for reason in self.reasons]
        self.fields["reason"].choices = [("", _("Kies een reden")), *named]  # type: ignore[attr-defined]
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

    def clean_from_on(self) -> date | None:
        day = self.cleaned_data["from_on"]
        if day is None:
            return None
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


def check_span(form: ChangeForm, data: dict) -> None:
    first, last = data.get("from_on"), data.get("until_on")
    if first and last and last < first:
        form.add_error("until_on", _("De laatste dag ligt voor de eerste."))
    elif last and last > form.placement.ends:
        text = _("De stage loopt tot en met %(day)s.") % {"day": f"{form.placement.ends:%d-%m-%Y}"}
        form.add_error("until_on", text)
