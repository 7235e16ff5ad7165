"""What staff write down of the contact with a company, and what is to be done about it."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.enums import NoteKind
from companies.forms.people import email_field, telephone_field
from companies.services import Nominated, Said
from stage.core.dutch.calendar import school_today
from stage.core.models import Membership
from stage.core.ui.forms import ChoiceCards, DateInput, Radios

NEW = "nieuw"
AHEAD = timedelta(days=3 * 366)


class ColleagueField(forms.ModelChoiceField):
    """Somebody of the own side, by name."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Membership.objects.none(), to_field_name="public_id", **kwargs)

    def label_from_instance(self, obj: Membership) -> str:
        return obj.name


def _choose_from(form: forms.Form, field: str, people, actor) -> None:
    """Who can be chosen; oneself is chosen already."""
    form.fields[field].queryset = people  # type: ignore[attr-defined]
    own = people.filter(pk=actor.membership).values_list("public_id", flat=True).first()
    form.fields[field].initial = own


def _check_due(day):
    if day < school_today():
        raise forms.ValidationError(_("Kies een dag die nog komt."))
    if day > school_today() + AHEAD:
        raise forms.ValidationError(_("Kies een dag binnen drie jaar."))
    return day


class NoteForm(forms.Form):
    """One line of the log, and what is to be done after it."""

    kind = forms.ChoiceField(
        label=_("Hoe was er contact?"), choices=NoteKind, initial=NoteKind.PHONE, widget=Radios
    )
    on = forms.DateField(label=_("Wanneer?"), widget=DateInput, initial=school_today)
    with_whom = forms.CharField(label=_("Met wie?"), max_length=160, required=False)
    text = forms.CharField(
        label=_("Wat is er gezegd?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Schrijf op wat er gezegd is.")},
    )
    promised = forms.CharField(label=_("Wat hebben wij beloofd?"), max_length=300, required=False)
    shared = forms.BooleanField(label=_("Deel dit met de regio"), required=False)
    next_text = forms.CharField(
        label=_("Wat moet er hierna gebeuren?"),
        max_length=300,
        required=False,
        help_text=_("Bijvoorbeeld: bel over de nieuwe plekken."),
    )
    next_due = forms.DateField(label=_("Op welke dag?"), widget=DateInput, required=False)

    def __init__(self, *args, shared_hint, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shared"].help_text = shared_hint

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > school_today():
            raise forms.ValidationError(_("Deze dag komt nog. Kies vandaag of een dag eerder."))
        if day < school_today() - AHEAD:
            raise forms.ValidationError(_("Kies een dag van de laatste drie jaar."))
        return day

    def clean_next_due(self):
        day = self.cleaned_data["next_due"]
        return _check_due(day) if day else day

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("next_due") and not cleaned.get("next_text"):
            self.add_error("next_text", _("Schrijf ook wat er die dag moet gebeuren."))
        if cleaned.get("next_text") and not cleaned.get("next_due") and "next_due" in cleaned:
            self.add_error("next_due", _("Kies ook op welke dag."))
        return cleaned

    @property
    def said(self) -> Said:
        names = ("text", "kind", "on", "with_whom", "promised", "shared")
        return Said(**{name: self.cleaned_data[name] for name in names})


class FollowUpForm(forms.Form):
    """Something to do on a day, and by whom."""

    text = forms.CharField(
        label=_("Wat moet er gebeuren?"),
        max_length=300,
        error_messages={"required": _("Schrijf wat er moet gebeuren.")},
    )
    due = forms.DateField(
        label=_("Op welke dag?"),
        widget=DateInput,
        error_messages={"required": _("Kies een dag.")},
    )
    who = ColleagueField(
        label=_("Wie doet het?"), error_messages={"required": _("Kies wie het doet.")}
    )

    def __init__(self, *args, people, actor, shared_hint="", **kwargs):
        super().__init__(*args, **kwargs)
        _choose_from(self, "who", people, actor)
        if shared_hint:
            self.fields["shared"] = forms.BooleanField(
                label=_("Deel dit met de regio"), required=False, help_text=shared_hint
            )

    def clean_due(self):
        return _check_due(self.cleaned_data["due"])


class OwnerForm(forms.Form):
    """Who keeps the contact; nobody in particular when left empty."""

    who = ColleagueField(
        label=_("Wie onderhoudt het contact?"),
        required=False,
        empty_label=_("Niemand in het bijzonder"),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = people  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """Whose companies go to whom."""

    who = ColleagueField(
        label=_("Van wie?"), error_messages={"required": _("Kies van wie de bedrijven zijn.")}
    )
    to = ColleagueField(
        label=_("Naar wie?"), error_messages={"required": _("Kies wie ze overneemt.")}
    )

    def __init__(self, *args, holders, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = holders  # type: ignore[attr-defined]
        self.fields["to"].queryset = people  # type: ignore[attr-defined]

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("who") and cleaned.get("who") == cleaned.get("to"):
            self.add_error("to", _("Kies een andere collega."))
        return cleaned


class NominationForm(forms.Form):
    """A company that somebody knows, in their own words."""

    name = forms.CharField(
        label=_("Hoe heet het bedrijf?"),
        max_length=160,
        error_messages={"required": _("Schrijf de naam van het bedrijf.")},
    )
    city = forms.CharField(
        label=_("In welke plaats is het?"),
        max_length=120,
        error_messages={"required": _("Schrijf de plaats.")},
    )
    why = forms.CharField(
        label=_("Waarom is dit een goed bedrijf voor een stage?"),
        max_length=600,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": 600}),
    )
    who = forms.CharField(
        label=_("Wie kan de school daar spreken?"), max_length=160, required=False
    )
    telephone = telephone_field(_("Telefoon van het bedrijf"))
    email = email_field(_("E-mail van het bedrijf"))

    @property
    def words(self) -> Nominated:
        return Nominated(**{name: value.strip() for name, value in self.cleaned_data.items()})


class TakeOnForm(forms.Form):
    """Which company of the pool it is, and who keeps the contact."""

    company = forms.ChoiceField(
        label=_("Welk bedrijf is het?"),
        widget=ChoiceCards,
        error_messages={"required": _("Kies welk bedrijf het is.")},
    )
    owner = ColleagueField(
        label=_("Wie onderhoudt het contact?"),
        required=False,
        empty_label=_("Niemand in het bijzonder"),
    )

    def __init__(self, *args, found, people, actor, **kwargs):
        super().__init__(*args, **kwargs)
        _choose_from(self, "owner", people, actor)
        self.known = {one.company.public_id: one.company for one in found}
        choices = [(one.company.public_id, f"{one.company.name}, {one.city}") for one in found]
        choices.append((NEW, str(_("Een nieuw bedrijf, dat nog niet in de lijst staat"))))
        self.fields["company"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial["company"] = NEW

    @property
    def chosen(self):
        """The company of the pool; None for a new one."""
        return self.known.get(self.cleaned_data["company"])


class NotTakenForm(forms.Form):
    """Why not: whoever named it reads this."""

    answer = forms.CharField(
        label=_("Waarom niet?"),
        help_text=_("Wie het bedrijf noemde, leest dit."),
        max_length=300,
        error_messages={"required": _("Schrijf in een zin waarom niet.")},
        widget=forms.Textarea({"rows": 2, "maxlength": 300}),
    )
