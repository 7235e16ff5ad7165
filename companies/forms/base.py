"""What every answer of a company carries, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django import forms

from companies.models import Contact, Department, Location
from companies.services.answers import Reply
from companies.services.offers import Held

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Ground:
    """What is known of a company when it is asked: its people, its parts, what it offers now."""

    contacts: list[Contact] = field(default_factory=list)
    locations: list[Location] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    # Open shares of other schools at the same time. Only for the company itself.
    elsewhere: list[Held] = field(default_factory=list)
    # Words of an offer that others count on are changed by nobody who only holds a link.
    words: str | None = None


class AnswerForm(forms.Form):
    """What every answer carries: which state of affairs the visitor saw."""

    answer = ""
    heading: str | StrPromise = ""
    told: str | StrPromise = ""  # the heading for who enters what a company said
    lead: str | StrPromise = ""  # under the heading; the period when empty
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, invitation, ground: Ground, **kwargs):
        self.invitation, self.ground = invitation, ground
        super().__init__(*args, **kwargs)

    def reply(self) -> Reply:
        return Reply(answer=self.answer, **self.values())

    def values(self) -> dict:
        return {"seen": self.cleaned_data["seen"]}
