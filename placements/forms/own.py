"""What a student says of a company, and what the school says of it."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.forms.people import email_field, name_field, telephone_field
from placements.own import Known
from placements.services import Asking, Words
from stage.core.ui.forms import ChoiceCards, Radios
from stage.schools.models import Period

NEW = "nieuw"


class _ForPeriod(forms.Form):
    """A form about one of a student's periods; nobody chooses where there is only one."""

    def __init__(self, *args, periods: Sequence[Period], **kwargs):
        super().__init__(*args, **kwargs)
        self.periods = {p.public_id: p for p in periods}
        if len(periods) > 1:
            self.fields["period"] = forms.ChoiceField(
                label=_("Voor welke stage?"),
                choices=[(p.public_id, p.name) for p in periods],
                widget=Radios,
                error_messages={"required": _("Kies voor welke stage.")},
            )

    @property
    def period_field(self) -> forms.BoundField | None:
        """The choice, where there is one."""
        return self["period"] if "period" in self.fields else None

    @property
    def about(self) -> Period:
        """The chosen period; without a choice the only one."""
        chosen = self.cleaned_data.get("period")
        return self.periods[chosen] if chosen else next(iter(self.periods.values()))


class OwnCompanyForm(_ForPeriod):
    """A company in a student's own words."""

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
    what = forms.CharField(
        label=_("Wat wil je daar gaan doen?"),
        help_text=_("Het bedrijf leest dit ook."),
        max_length=600,
        error_messages={"required": _("Schrijf in een paar woorden wat je er wilt doen.")},
        widget=forms.Textarea({"rows": 3, "maxlength": 600}),
    )
    who = forms.CharField(
        label=_("Met wie heb je gepraat, of wie ken je daar?"), max_length=160, required=False
    )
    telephone = telephone_field(_("Telefoon van het bedrijf"))
    email = email_field(_("E-mail van het bedrijf"))

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        return Words(
            name=data["name"].strip(),
            city=data["city"].strip(),
            what=data["what"].strip(),
            who=data["who"].strip(),
            telephone=data["telephone"].strip(),
            email=data["email"].strip(),
        )


class AskingForm(_ForPeriod):
    """Which company is asked for one student, and by which way.

    `known` are the companies of the pool that it may be; `fresh` says that it may be a new one.
    """

    company = forms.ChoiceField(
        label=_("Welk bedrijf is het?"),
        widget=ChoiceCards,
        error_messages={"required": _("Kies welk bedrijf het is.")},
    )
    what = forms.CharField(
        label=_("Wat gaat de leerling er doen?"),
        help_text=_("Het bedrijf leest dit."),
        max_length=600,
        error_messages={"required": _("Schrijf in een paar woorden wat de leerling er gaat doen.")},
        widget=forms.Textarea({"rows": 3, "maxlength": 600}),
    )
    how = forms.ChoiceField(
        label=_("Hoe vraag je het?"),
        choices=[
            ("mail", _("Stuur het bedrijf een mail")),
            ("phone", _("Ik bel zelf, stuur geen mail")),
        ],
        initial="mail",
        widget=Radios,
    )
    who = name_field(_("Contactpersoon"))
    email = email_field(
        _("E-mailadres"), help_text=_("Alleen nodig waar jullie nog niemand kennen.")
    )
    telephone = telephone_field(_("Telefoon"))
    sure = forms.BooleanField(
        label=_("Ik heb gekeken: dit e-mailadres is echt van dit bedrijf"), required=False
    )

    def __init__(self, *args, known: Sequence[Known], fresh: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {k.company.public_id: k for k in known}
        choices = [(key, f"{k.company.name}, {k.city}") for key, k in self.known.items()]
        if fresh:
            choices.append((NEW, str(_("Een nieuw bedrijf, dat nog niet in de lijst staat"))))
        hints = {key: _hint(k) for key, k in self.known.items()}
        self.fields["company"].choices = choices  # type: ignore[attr-defined]
        self.fields["company"].widget.hints = hints
        if len(choices) == 1:  # also where the page has an initial of its own, which may be empty
            self.initial["company"] = choices[0][0]

    @property
    def chosen(self) -> Known | None:
        """The company of the pool; None for a new one."""
        return self.known.get(self.cleaned_data.get("company", ""))

    def clean(self):
        cleaned = super().clean() or {}
        chosen = self.chosen
        if chosen is not None and chosen.is_barred:
            self.add_error("company", _("Dit bedrijf kun je niet vragen: %s.") % chosen.told)
        if "company" not in cleaned or (chosen is not None and chosen.contact is not None):
            return cleaned
        email = cleaned.get("email", "")
        if cleaned.get("how") == "mail" and not email and "email" not in self.errors:
            self.add_error("email", _("Vul een e-mailadres in, of kies dat je zelf belt."))
        if email and not cleaned.get("sure"):
            self.add_error("sure", _("Kijk of het adres klopt en zet dan een vinkje."))
        return cleaned

    def asking(self, *, name: str = "", city: str = "") -> Asking:
        """As the service takes it; name and town are a new company's."""
        data, chosen = self.cleaned_data, self.chosen
        return Asking(
            what=data["what"].strip(),
            company=chosen.company if chosen else None,
            name=name,
            city=city,
            who=data["who"].strip(),
            email=data["email"].strip(),
            telephone=data["telephone"].strip(),
            by_phone=data["how"] == "phone",
        )


def _hint(known: Known) -> str:
    """What the school knows of a company, in one line."""
    reader = (
        _("jullie mailen hier %(name)s") % {"name": known.contact.name}
        if known.contact
        else _("jullie kennen hier nog niemand")
    )
    return " · ".join(str(part) for part in (known.told, reader) if part)


class RefusalForm(forms.Form):
    """Why the school does not ask it: the student reads this."""

    reason = forms.CharField(
        label=_("Waarom niet?"),
        help_text=_("De leerling leest dit."),
        max_length=300,
        error_messages={"required": _("Schrijf in een zin waarom niet.")},
        widget=forms.Textarea({"rows": 2, "maxlength": 300}),
    )


class ToldForm(forms.Form):
    """What the company said by telephone."""

    answer = forms.ChoiceField(
        label=_("Wat zei het bedrijf?"),
        choices=[("yes", _("Ja")), ("no", _("Nee"))],
        widget=Radios,
        error_messages={"required": _("Kies ja of nee.")},
    )
    reason = forms.CharField(
        label=_("Waarom niet? (bij nee)"),
        help_text=_("De leerling leest dit."),
        max_length=400,
        required=False,
    )

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("answer") == "no" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Schrijf in een zin waarom niet."))
        return cleaned
