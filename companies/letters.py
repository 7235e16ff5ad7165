"""The letter of a campaign: its fields, and what a company reads in their stead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from stage.core.ui.dates import day_words, period_words

FIELD = re.compile(r"\{([^{}\n]*)\}")

FIELDS = {
    "bedrijf": gettext_lazy("naam van het bedrijf"),
    "contactpersoon": gettext_lazy("naam van de contactpersoon"),
    "school": gettext_lazy("naam van de school"),
    "periode": gettext_lazy("naam van de stageperiode"),
    "datums": gettext_lazy("eerste en laatste dag"),
    "coordinator": gettext_lazy("jouw naam"),
    "antwoord_voor": gettext_lazy("uiterste datum voor antwoord"),
}

DEFAULT_SUBJECT = "{school} zoekt stageplekken: {periode}"

DEFAULT_LETTER = """Beste {contactpersoon},

Van {datums} gaan leerlingen van {school} op stage. Wij zoeken bedrijven die een leerling willen \
laten zien hoe het er in het echt aan toe gaat. Wilt u dat bij {bedrijf} ook doen?

Antwoorden kost één minuut. Klik op de knop en kies ja, nee of nu niet. U hebt geen wachtwoord \
nodig. Wij horen het graag voor {antwoord_voor}.

Alvast heel hartelijk dank.

Met vriendelijke groet,
{coordinator}
{school}"""


@dataclass(frozen=True)
class Merged:
    """Subject and letter as one company gets them."""

    subject: str
    letter: str


def problems(text: str) -> list[str]:
    """What is wrong with the fields in a text; a lone brace is a field somebody began."""
    unknown = dict.fromkeys(f for f in FIELD.findall(text) if f.strip() not in FIELDS)
    found = [
        _("Het veld {%(field)s} kennen we niet. Kies uit: %(known)s.")
        % {"field": field, "known": ", ".join(f"{{{name}}}" for name in FIELDS)}
        for field in unknown
    ]
    rest = FIELD.sub("", text)
    if "{" in rest or "}" in rest:
        found.append(_("Er staat een losse accolade. Schrijf een veld als {bedrijf}."))
    return found


def values_for(campaign, company, contact) -> dict[str, str]:
    """What stands for each field; `contact` may be None in a preview."""
    period = campaign.period
    before = campaign.answer_before
    return {
        "bedrijf": company.name,
        "contactpersoon": contact.name if contact else _("heer, mevrouw"),
        "school": campaign.school.name,
        "periode": period.name,
        "datums": period_words(period.starts, period.ends),
        "coordinator": campaign.created_by.name,
        "antwoord_voor": day_words(before) if before else _("het begin van de periode"),
    }


def merge(campaign, company, contact) -> Merged:
    """The campaign's words for one company."""
    with override("nl"):  # the letter is Dutch, whatever the coordinator's screen speaks
        values = values_for(campaign, company, contact)
    return Merged(_fill(campaign.subject, values), _fill(campaign.letter, values))


def _fill(text: str, values: dict[str, str]) -> str:
    # One pass: a company called "{school}" stays what it is.
    return FIELD.sub(lambda m: values.get(m.group(1).strip(), m.group(0)), text)
