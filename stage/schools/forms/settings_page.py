"""The page of a school's settings: each app brings its own, in cards that several may share.

    # placements/sections.py
    settings_page.add(
        PlacementSettingsForm, card="students", order=10, fields=("max_applications",)
    )

A form changes its app's own row (`SettingsRow`). All of them are right or nothing is saved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.forms import BoundField, Field, ModelForm

from stage.schools.models import SettingsRow
from stage.schools.services import school_settings

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class SettingsForm(ModelForm):
    """What one app lets a school decide."""

    def values(self) -> dict:
        """What was filled in, by field of the app's row."""
        own = {f.name for f in self._meta.model._meta.concrete_fields}
        return {n: v for n, v in self.cleaned_data.items() if n in own}

    def keep(self, *, actor) -> list[str]:
        """Save by the app's service; answers what changed."""
        return school_settings.change_settings(self.instance, values=self.values(), actor=actor)


@dataclass(frozen=True)
class Card:
    """A heading of the page, with a sentence."""

    key: str
    order: int
    title: StrOrPromise
    text: StrOrPromise


@dataclass(frozen=True)
class Part:
    """Fields of one app that stand together in a card."""

    form: type[SettingsForm]
    card: str
    order: int
    fields: tuple[str, ...]


_CARDS: list[Card] = []
_PARTS: list[Part] = []


def card(key: str, *, order: int, title: StrOrPromise, text: StrOrPromise) -> None:
    """Register a card; any app may put its fields in it."""
    _CARDS.append(Card(key, order, title, text))
    _CARDS.sort(key=lambda c: c.order)


def add(form: type[SettingsForm], *, card: str, order: int, fields: tuple[str, ...]) -> None:
    """Register where fields of an app's form stand."""
    _PARTS.append(Part(form, card, order, fields))
    _PARTS.sort(key=lambda p: p.order)


class SettingsPage:
    """The forms of all apps for one school, shown and saved as one form."""

    def __init__(self, school_id: int, data=None, files=None):
        kinds = dict.fromkeys(part.form for part in _PARTS)
        self._forms = {kind: kind(data, files, instance=_row(kind, school_id)) for kind in kinds}

    def __getitem__(self, name: str) -> BoundField:
        return self._form_with(name)[name]

    @property
    def forms(self) -> list[SettingsForm]:
        return list(self._forms.values())

    @property
    def fields(self) -> dict[str, Field]:
        return {name: field for form in self.forms for name, field in form.fields.items()}

    @property
    def errors(self) -> dict[str, list]:
        """What is wrong, by field, in the order of the page."""
        found: dict[str, list] = {
            name: said for form in self.forms for name, said in form.errors.items()
        }
        places = {item.name: n for n, item in enumerate(self._items())}
        return dict(sorted(found.items(), key=lambda e: places.get(e[0], -1)))

    def non_field_errors(self) -> list[str]:
        return [error for form in self.forms for error in form.non_field_errors()]

    def add_error(self, name: str, error: str) -> None:
        self._form_with(name).add_error(name, error)

    def is_valid(self) -> bool:
        """Whether every app's part is."""
        return not self.errors and all(form.is_bound for form in self.forms)

    @transaction.atomic
    def save(self, *, actor) -> dict[str, object]:
        """Save all parts or none; answers the fields that changed, with what was filled in.

        Raises what a part's service raises, such as `media.FileRefused` for a logo.
        """
        changed = {name for form in self.forms for name in form.keep(actor=actor)}
        return {n: v for form in self.forms for n, v in form.values().items() if n in changed}

    def cards(self) -> Iterator[tuple[Card, list[BoundField]]]:
        """The fields as they stand on the page; a card nobody fills is left out."""
        for one in _CARDS:
            if items := [
                self._forms[part.form][name]
                for part in _PARTS
                if part.card == one.key
                for name in part.fields
                if name in self._forms[part.form].fields
            ]:
                yield one, items

    def _form_with(self, name: str) -> SettingsForm:
        for form in self.forms:
            if name in form.fields:
                return form
        raise KeyError(name)

    def _items(self) -> Iterator[BoundField]:
        for _card, items in self.cards():
            yield from items


def _row(kind: type[SettingsForm], school_id: int) -> SettingsRow:
    model: type[SettingsRow] = kind._meta.model
    return model.objects.of(school_id)
