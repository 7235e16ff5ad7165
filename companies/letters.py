"""The letter of a campaign: its fields, and what a company reads in their stead.

A field stands in the text as readable words between square brackets, `[naam bedrijf]`. Letters from
before have a short word in braces, `{bedrijf}`; those are still filled, and shown as the new ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from companies.wanted import wanted_words
from stage.core.mail import ahead
from stage.core.ui.dates import day_words, period_words
from stage.schools.models import Period, SchoolSettings

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FIELD = re.compile(r"\[([^\[\]\n]*)\]|\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Field:
    """One thing we fill in per company: its words in a letter, and what it becomes."""

    words: str  # Dutch, as letters are, whatever the coordinator's screen speaks
    label: StrPromise

    @property
    def token(self) -> str:
        """As it stands in a letter."""
        return f"[{self.words}]"


FIELDS = {
    "bedrijf": Field("naam bedrijf", gettext_lazy("Naam van het bedrijf")),
    "contactpersoon": Field("contactpersoon", gettext_lazy("Contactpersoon")),
    "school": Field("naam school", gettext_lazy("Naam van de school")),
    "telefoon": Field("telefoon school", gettext_lazy("Telefoon van de school")),
    "periode": Field("naam periode", gettext_lazy("Naam van de periode")),
    "datums": Field("eerste en laatste dag", gettext_lazy("Eerste en laatste dag")),
    "leerlingen": Field("aantal leerlingen", gettext_lazy("Aantal leerlingen per profiel")),
    "antwoord_voor": Field("antwoord voor", gettext_lazy("Graag antwoord voor")),
    "coordinator": Field("mijn naam", gettext_lazy("Jouw naam")),
}
# How a field may be written, without brackets: the words of today and the short one of before.
_NAMES = {field.words: key for key, field in FIELDS.items()} | {key: key for key in FIELDS}

DEFAULT_SUBJECT = "[naam school] zoekt stageplekken: [naam periode]"

DEFAULT_LETTER = """Beste [contactpersoon],

Van [eerste en laatste dag] gaan leerlingen van [naam school] op stage. Wij zoeken een plek voor \
[aantal leerlingen]. Wilt u bij [naam bedrijf] laten zien hoe het er in het echt aan toe gaat?

Antwoorden kost één minuut. Klik op de knop en kies ja, nee of nu niet. U hebt geen wachtwoord \
nodig. Wij horen het graag voor [antwoord voor].

Alvast heel hartelijk dank.

Met vriendelijke groet,
[mijn naam]
[naam school]"""


TASTER_SUBJECT = "Mag een leerling van [naam school] bij u komen kijken?"

TASTER_LETTER = """Beste [contactpersoon],

Leerlingen van [naam school] gaan kijken hoe het er bij bedrijven aan toe gaat: [eerste en laatste \
dag]. Mag een van onze leerlingen dan bij [naam bedrijf] meelopen?

Het is een snuffelstage: kijken, vragen stellen en een beetje meehelpen. U tekent geen \
overeenkomst en hoeft de leerling niet te beoordelen. Iemand die de leerling ontvangt, is genoeg.

Antwoorden kost één minuut. Klik op de knop en kies ja, nee of nu niet. U hebt geen wachtwoord \
nodig. Wij horen het graag voor [antwoord voor].

Alvast heel hartelijk dank.

Met vriendelijke groet,
[mijn naam]
[naam school]"""


def default_for(period: Period | None) -> tuple[str, str]:
    """Subject and letter to begin with: a snuffelstage asks less."""
    if period is not None and period.is_taster:
        return TASTER_SUBJECT, TASTER_LETTER
    return DEFAULT_SUBJECT, DEFAULT_LETTER


@dataclass(frozen=True)
class Merged:
    """Subject and letter as one company gets them."""

    subject: str
    letter: str


def _key_of(match: re.Match[str]) -> str | None:
    written = match.group(1) if match.group(1) is not None else match.group(2)
    return _NAMES.get(" ".join(written.split()).casefold())


def fields_in(text: str) -> set[str]:
    """The keys of the fields that stand in a text."""
    return {key for match in FIELD.finditer(text) if (key := _key_of(match))}


def readable(text: str) -> str:
    """The text with each field in the words of today; what is no field stays as it is."""
    return FIELD.sub(lambda m: FIELDS[key].token if (key := _key_of(m)) else m.group(0), text)


def problems(text: str) -> list[str]:
    """What is wrong with the fields in a text; a lone bracket is a field somebody began."""
    unknown = dict.fromkeys(m.group(0) for m in FIELD.finditer(text) if _key_of(m) is None)
    known = ", ".join(field.token for field in FIELDS.values())
    found = [
        _("Het veld %(field)s kennen we niet. Kies uit: %(known)s.")
        % {"field": field, "known": known}
        for field in unknown
    ]
    if set("[]{}") & set(FIELD.sub("", text)):
        found.append(_("Er staat een los haakje. Kies een veld met een knop boven de brief."))
    return found


def values_for(campaign, company, contact) -> dict[str, str]:
    """What stands for each field; `contact` may be None in a preview."""
    period = campaign.period
    before = campaign.answer_before
    return {
        "bedrijf": company.name,
        "contactpersoon": contact.name if contact else _("heer, mevrouw"),
        "school": campaign.school.name,
        "telefoon": telephone_of(campaign.school_id),
        "periode": period.name,
        "datums": period_words(period.starts, period.ends),
        "leerlingen": wanted_words(campaign.wanted) or _("leerlingen"),
        "coordinator": campaign.created_by.name,
        "antwoord_voor": day_words(before) if before else _("het begin van de periode"),
    }


def telephone_of(school_id: int) -> str:
    """The number a company calls back; empty when the school gave none."""
    of_school = ahead.of(("settings", school_id), lambda: SchoolSettings.objects.of(school_id))
    return of_school.telephone


def number_in(campaign) -> str:
    """What is said when the school has no number to call: "" when it has one.

    "asked" where the letter itself names the number, "missing" where it only stands below it. A
    letter may go without: companies answer by the button, or by mail.
    """
    if telephone_of(campaign.school_id):
        return ""
    return "asked" if "telefoon" in fields_in(campaign.subject + campaign.letter) else "missing"


def merge(campaign, company, contact) -> Merged:
    """The campaign's words for one company."""
    with override("nl"):  # the letter is Dutch, whatever the coordinator's screen speaks
        values = values_for(campaign, company, contact)
    return Merged(_fill(campaign.subject, values), _fill(campaign.letter, values))


def _fill(text: str, values: dict[str, str]) -> str:
    # One pass: a company called "[naam school]" stays what it is.
    return FIELD.sub(lambda m: values[key] if (key := _key_of(m)) else m.group(0), text)
