"""Forms of getting in."""

from __future__ import annotations

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from stage.core.ui.forms import CodeInput

MONTHS = [
    (1, _("januari")),
    (2, _("februari")),
    (3, _("maart")),
    (4, _("april")),
    (5, _("mei")),
    (6, _("juni")),
    (7, _("juli")),
    (8, _("augustus")),
    (9, _("september")),
    (10, _("oktober")),
    (11, _("november")),
    (12, _("december")),
]


def new_password(label, help_text="") -> forms.CharField:
    """A password being chosen."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


def current_password(label) -> forms.CharField:
    """A password being typed."""
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


def day_of_birth(label) -> forms.TypedChoiceField:
    """The day of a birthday, beside `month_of_birth`."""
    days = [("", "–"), *((n, n) for n in range(1, 32))]
    return forms.TypedChoiceField(label=label, choices=days, coerce=int)


def month_of_birth() -> forms.TypedChoiceField:
    """The month of a birthday, by name."""
    return forms.TypedChoiceField(label=_("Maand"), choices=[("", "–"), *MONTHS], coerce=int)


class StudentLoginForm(forms.Form):
    username = forms.CharField(
        label=_("Gebruikersnaam"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = current_password(_("Wachtwoord"))


class StaffLoginForm(LoginForm):
    """Allauth's form, which also says whether the password may not be tried any more for now."""

    @property
    def is_locked(self) -> bool:
        found = self.non_field_errors().as_data()
        return any(error.code == "too_many_login_attempts" for error in found)


class CardForm(forms.Form):
    """A login card: its code and the day and month of birth."""

    code = forms.CharField(
        label=_("Code op je kaart"),
        max_length=20,
        widget=forms.TextInput(
            {
                "class": "code-input",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )
    day = day_of_birth(_("Dag waarop je jarig bent"))
    month = month_of_birth()


class HelpForm(forms.Form):
    """Who cannot log in: what a student knows, and somebody in the street does not."""

    first_name = forms.CharField(label=_("Je voornaam"), max_length=60)
    number = forms.CharField(
        label=_("Je leerlingnummer"),
        help_text=_("Dat staat op je schoolpas en in Magister of Somtoday."),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    day = day_of_birth(_("Dag waarop je jarig bent"))
    month = month_of_birth()


class WayInForm(forms.Form):
    email = forms.EmailField(
        label=_("Uw e-mailadres"),
        help_text=_("Het adres waarop u onze mail krijgt."),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code uit de mail"), max_length=20, widget=CodeInput({"autofocus": True})
    )
    remember = forms.BooleanField(
        label=_("Dit is mijn eigen telefoon of computer, onthoud mij 30 dagen"),
        help_text=_("Niet aanvinken op een apparaat dat u met anderen deelt."),
        required=False,
    )


class FirstUseForm(CodeForm):
    """A guardian's first time: the code, and the birthday of the child, which stays unnamed."""

    day = day_of_birth(_("Dag waarop uw kind jarig is"))
    month = month_of_birth()


class ChoosePasswordForm(forms.Form):
    """A student's own username and password; with `ask_old`, the password of now as well."""

    username = forms.CharField(
        label=_("Kies een gebruikersnaam"),
        help_text=_("4 tot 30 kleine letters, cijfers, punten of streepjes."),
        max_length=30,
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    old = current_password(_("Je wachtwoord van nu"))
    password = new_password(
        _("Kies een wachtwoord"),
        _("Minstens 12 tekens. Drie woorden achter elkaar is makkelijk te onthouden."),
    )

    def __init__(self, *args, ask_old: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not ask_old:
            del self.fields["old"]

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password)
        return password


class FirstPasswordForm(forms.Form):
    """The first password of a member of staff."""

    password = new_password(_("Kies een wachtwoord"), _("Minstens 12 tekens."))
    again = new_password(_("Nog een keer"))

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if "password" in data and data.get("again") != data["password"]:
            self.add_error("again", _("Dit is niet hetzelfde wachtwoord."))
        return data
