"""A placement ends, never begins, or goes on at another company; and the school's no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from placements.board import Option
from placements.enums import ChangeKind, ChangeReason
from placements.forms.changes.base import ChangeForm

_WHY_IT_ENDS = (
    ChangeReason.FIT,
    ChangeReason.ILLNESS,
    ChangeReason.CONDUCT,
    ChangeReason.ABSENCE,
    ChangeReason.GUIDANCE,
    ChangeReason.NO_WORK,
    ChangeReason.COMPANY_STOPPED,
    ChangeReason.UNSAFE,
)
_WHY_IT_IS_OVER = (
    *_WHY_IT_ENDS,
    ChangeReason.OTHER_SCHOOL,
    ChangeReason.LEFT_SCHOOL,
    ChangeReason.AGREED,
    ChangeReason.OTHER,
)


class MoveForm(ChangeForm):
    """It ends here and begins at another company."""

    kind = ChangeKind.MOVE
    reasons = (*_WHY_IT_ENDS, ChangeReason.TRAVEL, ChangeReason.AGREED, ChangeReason.OTHER)

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
        self.order_fields(["place", "from_on", *self.fields])

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
    reasons = _WHY_IT_IS_OVER


class StopForm(ChangeForm):
    """It ends before its last day."""

    kind = ChangeKind.STOP
    reasons = _WHY_IT_IS_OVER

    @property
    def earliest(self) -> date:
        """Also in the past: who stayed away since Monday stopped on Monday."""
        return self.placement.starts


class RefuseChangeForm(forms.Form):
    """The school's no to what was asked."""

    answer = forms.CharField(
        label=_("Waarom niet?"),
        help_text=_("Wie het vroeg, leest dit."),
        max_length=500,
        widget=forms.Textarea({"rows": 3, "maxlength": 500}),
        error_messages={"required": _("Schrijf in een zin waarom niet.")},
    )
