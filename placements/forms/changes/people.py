"""Somebody else guides: at the company, or for the school."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Contact
from placements.enums import ChangeKind
from placements.forms import name_and_address
from placements.forms.changes.base import ChangeForm
from placements.queries import Load


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
