"""Days of a period that do not go through: which, for whom, why, and what comes in their place."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from placements.changes.following import Line
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind, ChangeReason
from stage.core.dutch.calendar import school_today
from stage.core.ui.forms import DateInput, WeekdaysField
from stage.schools.models import Group, Period

REASONS = (
    ChangeReason.SCHOOL_DAY,
    ChangeReason.CLOSED,
    ChangeReason.TRAVEL,
    ChangeReason.ILLNESS,
    ChangeReason.NO_WORK,
    ChangeReason.AGREED,
)
MOST_DAYS = 92


class ReasonForm(forms.Form):
    """Why placements follow although a rule of working time is not met: asked of ticked ones."""

    rule_reason = forms.CharField(
        label=_("Waarom kan dit toch?"),
        help_text=_("Blijft bewaard bij elke gekozen stage die een regel niet haalt."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2, "maxlength": 500}),
    )

    def __init__(self, *args, lines: Sequence[Line] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self._lines = lines

    def clean(self):
        data = super().clean() or {}
        names = [x.placement.student.full_name for x in self._lines if x.ticked and x.rules]
        if names and not data.get("rule_reason", "").strip():
            words = _("Leg uit waarom dit kan, of kies niet: %(names)s.") % {
                "names": ", ".join(names[:5])
            }
            self.add_error("rule_reason", words)
        return data

    @property
    def reason(self) -> str:
        return self.cleaned_data.get("rule_reason", "").strip()


class CalledOffForm(forms.Form):
    """From when to when there is no placement, and from when the days in their place are."""

    from_on = forms.DateField(
        label=_("Eerste dag die niet doorgaat"),
        widget=DateInput,
        error_messages={"required": _("Kies de eerste dag.")},
    )
    until_on = forms.DateField(
        label=_("Laatste dag die niet doorgaat"),
        widget=DateInput,
        required=False,
    )
    reason = forms.ChoiceField(
        label=_("Waarom?"),
        help_text=_("Leerling en bedrijf lezen dit."),
        choices=[("", _("Kies een reden")), *((r.value, r.label) for r in REASONS)],
        error_messages={"required": _("Kies waarom.")},
    )
    who = forms.ChoiceField(label=_("Voor wie?"), required=False)
    again_from = forms.DateField(
        label=_("Andere dagen in de plaats, vanaf"),
        help_text=_("Leeg: de dagen vervallen. Elke leerling krijgt er evenveel terug."),
        required=False,
        widget=DateInput,
    )
    weekdays = WeekdaysField(
        label=_("Op welke dagen in de week?"),
        help_text=_("Leeg: op de dagen waarop een leerling altijd stage heeft."),
        required=False,
    )

    def __init__(self, *args, period: Period, placements, groups: list[Group], **kwargs):
        super().__init__(*args, **kwargs)
        self.period, self._placements, self._groups = period, list(placements), groups
        classes = sorted({p.student.school_class for p in self._placements if p.student})
        students = [(f"s:{p.public_id}", p.student.full_name) for p in self._placements]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("Alle leerlingen van deze periode")),
            (_("Groepen"), [(f"g:{g.public_id}", g.name) for g in groups]),
            (_("Klassen"), [(f"k:{name}", name) for name in classes if name]),
            (_("Eén leerling"), students),
        ]

    def clean(self):
        data = super().clean() or {}
        first = data.get("from_on")
        last = data.get("until_on") or first
        if not first:
            return data
        if last < first:
            self.add_error("until_on", _("De laatste dag ligt voor de eerste."))
        elif (last - first).days > MOST_DAYS:
            self.add_error("until_on", _("Kies ten hoogste drie maanden."))
        again, today = data.get("again_from"), school_today()
        if again and again <= today:
            self.add_error("again_from", _("Kies een dag die nog komt."))
        elif again and abs((again - first).days) > 2 * 366:
            self.add_error("again_from", _("Kies een dag binnen twee jaar."))
        if data.get("weekdays") and not again:
            self.add_error("again_from", _("Kies vanaf welke dag er andere dagen komen."))
        return data

    @property
    def chosen(self) -> list:
        """The placements that this is about."""
        kind, _sign, code = (self.cleaned_data.get("who") or "").partition(":")
        if kind == "g":
            group = next(g for g in self._groups if g.public_id == code)
            members = set(group.members.order_by("pk").values_list("student_id", flat=True))
            return [p for p in self._placements if p.student_id in members]
        tests = {
            "k": lambda p: p.student.school_class == code,
            "s": lambda p: p.public_id == code,
        }
        return [p for p in self._placements if kind not in tests or tests[kind](p)]

    def wanted(self, run: str) -> Wanted:
        """What was filled in; `run` says which press it is."""
        data = self.cleaned_data
        return Wanted(
            kind=ChangeKind.CALLED_OFF,
            from_on=data["from_on"],
            until_on=data.get("until_on") or data["from_on"],
            reason=data["reason"],
            again_from=data.get("again_from"),
            weekdays=tuple(data.get("weekdays") or ()),
            run=run,
        )
