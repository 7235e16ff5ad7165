"""How many students of each profile a letter asks for: one box per profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.forms.texts import LetterFields
from companies.wanted import wanted_of
from stage.schools.models import Group, Profile

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from companies.models import Campaign
    from stage.core.who.actors import Actor

ANY = "any"  # the box of students of any profile; in what is kept it has no code
MOST = 999


class WantedFields(LetterFields):
    """Boxes that start as the students of the group; what a person changed in them stays.

    Where a new letter's group is chosen on the same page, untouched boxes become that group's.
    """

    actor: Actor
    instance: Campaign
    counted = forms.CharField(widget=forms.HiddenInput, required=False)

    def add_wanted(self, group: Group | None) -> None:
        """Add the boxes, for a letter to this group if it is known yet."""
        start = self.instance.wanted if self.instance.pk else self._of(group)
        if group is not None:
            self.initial["counted"] = group.public_id
        rows: list[tuple[str, StrOrPromise]] = [
            *Profile.objects.values_list("code", "name"),
            ("", _("Maakt niet uit")),
        ]
        self._codes = {f"wanted_{code or ANY}": code for code, _name in rows}
        for code, name in rows:
            self.fields[f"wanted_{code or ANY}"] = forms.IntegerField(
                label=name,
                min_value=0,
                max_value=MOST,
                required=False,
                initial=start.get(code),
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )

    def wanted_boxes(self) -> list[forms.BoundField]:
        """The boxes, for the page."""
        return [self[name] for name in self._codes]

    def asks_any(self) -> bool:
        """Whether a box holds something, or is wrong: then they are not folded away."""
        return any(self[name].value() or self[name].errors for name in self._codes)

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        given = {code: data[name] for name, code in self._codes.items() if data.get(name)}
        if not self.instance.pk and given == self._of(self._counted()):
            given = self._of(data.get("group"))
        self.instance.wanted = given
        return data

    def _counted(self) -> Group | None:
        """The group of which the students stood in the boxes when the page was opened."""
        rows = Group.objects.visible_to(self.actor)
        return rows.filter(public_id=self.cleaned_data.get("counted") or "").first()

    def _of(self, group: Group | None) -> dict[str, int]:
        return wanted_of(group, actor=self.actor) if group is not None else {}
