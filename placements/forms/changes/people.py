"""Somebody else guides: at the company, or for the school."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Contact
from placements.enums import ChangeKind, ChangeReason
from placements.forms import name_and_address
from placements.forms.changes.base import ChangeForm, check_span
from placements.queries import Load
from stage.core.dutch.calendar import school_today
from stage.core.ui.forms import DateInput

WHY_SOMEBODY_ELSE = (
    ChangeReason.AGREED,
    ChangeReason.ILLNESS,
    ChangeReason.FIT,
    ChangeReason.CONDUCT,
    ChangeReason.GUIDANCE,
    ChangeReason.UNSAFE,
    ChangeReason.SCHOOL_PLAN,
    ChangeReason.OTHER,
)


class SupervisorForm(ChangeForm):
    """Somebody else at the company guides: for good, at once, or for a while."""

    kind = ChangeKind.SUPERVISOR
    reasons = WHY_SOMEBODY_ELSE
    until_on = forms.DateField(
        label=_("Tot en met"),
        help_text=_("Alleen bij een vervanger: daarna is de praktijkopleider vanzelf terug."),
        required=False,
        widget=DateInput,
    )

    def __init__(self, *args, contacts: Sequence[Contact], **kwargs):
        super().__init__(*args, **kwargs)
        self.contacts = {c.pk: c for c in contacts}
        self.fields["from_on"].required = False
        self.fields["from_on"].initial = None
        self.fields["from_on"].label = _("Vanaf")
        self.fields["from_on"].help_text = _("Leeg: vanaf nu.")
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
        usual, by = self.placement.supervisor, self.placement.stand_in
        until = self.placement.stand_in_until
        if usual and by and until and until >= school_today() and not self.asking:
            words = {"name": usual.name, "by": by.name}
            self.fields["supervisor"].help_text = (
                _("%(by)s vervangt. Laat %(name)s staan zonder einddatum: dan is %(name)s er weer.")
                % words
            )
        self.order_fields(["supervisor", *self.fields])

    def clean(self):
        data = super().clean()
        first, last, who = data.get("from_on"), data.get("until_on"), data.get("supervisor")
        if last is None and first and first > self.earliest and "until_on" not in self.errors:
            text = _("Kies ook tot en met welke dag. Voorgoed verandert het vanaf nu.")
            self.add_error("until_on", text)
        if last is not None:
            data["from_on"] = first or self.earliest
            check_span(self, data)
        if (
            last is not None
            and "supervisor" in data
            and who in (None, self.placement.supervisor_id)
        ):
            self.add_error("supervisor", _("Kies wie er vervangt."))
        return data

    def _own(self) -> dict:
        return {
            "supervisor": self.contacts.get(self.cleaned_data["supervisor"]),
            "until_on": self.cleaned_data["until_on"],
        }


class TeacherForm(ChangeForm):
    """Another colleague guides from the school."""

    kind = ChangeKind.TEACHER
    reasons = WHY_SOMEBODY_ELSE

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
