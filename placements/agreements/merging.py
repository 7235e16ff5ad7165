"""Fields in the agreement's text: `{leerling}` becomes the student's name."""

from __future__ import annotations

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from stage.core.ui.forms import WEEKDAYS

FIELD = re.compile(r"\{([a-z_]+)\}")

# What a coordinator may write between braces, with what it stands for.
FIELDS = {
    "school": gettext_lazy("naam van de school"),
    "school_plaats": gettext_lazy("plaats van de school"),
    "school_vertegenwoordiger": gettext_lazy("wie voor de school tekent"),
    "bedrijf": gettext_lazy("naam van het bedrijf"),
    "bedrijf_plaats": gettext_lazy("plaats van het bedrijf"),
    "bedrijf_vertegenwoordiger": gettext_lazy("wie voor het bedrijf tekent"),
    "leerling": gettext_lazy("naam van de leerling"),
    "geboortedatum": gettext_lazy("geboortedatum van de leerling"),
    "klas": gettext_lazy("klas"),
    "docent": gettext_lazy("stagebegeleider van de school"),
    "praktijkopleider": gettext_lazy("begeleider bij het bedrijf"),
    "eerste_dag": gettext_lazy("eerste stagedag"),
    "laatste_dag": gettext_lazy("laatste stagedag"),
    "dagen": gettext_lazy("dagen in de week"),
    "begintijd": gettext_lazy("begintijd"),
    "eindtijd": gettext_lazy("eindtijd"),
    "pauze": gettext_lazy("pauze in minuten"),
    "totaal_uren": gettext_lazy("totaal aantal uren"),
    "leeractiviteiten": gettext_lazy("wat de leerling doet"),
    "wil_leren": gettext_lazy("wat de leerling wil leren"),
    "veiligheid": gettext_lazy("kleding en veiligheid"),
    "vergoeding": gettext_lazy("wel of geen vergoeding"),
    "verzekering": gettext_lazy("wie waarvoor verzekerd is"),
    "aansprakelijkheid": gettext_lazy("hoogste bedrag bij schade"),
}


def unknown_fields(text: str) -> list[str]:
    """Fields in a text that nothing is known about, in order."""
    return [name for name in dict.fromkeys(FIELD.findall(text)) if name not in FIELDS]


def pieces(text: str) -> list[tuple[str, str]]:
    """A text in order as (words, ""), and ("", what stands there later) for each known field."""
    found = FIELD.split(text.strip())
    return [
        ("", str(FIELDS[part])) if index % 2 and part in FIELDS else (_as_typed(part, index), "")
        for index, part in enumerate(found)
        if part
    ]


def _as_typed(part: str, index: int) -> str:
    return "{" + part + "}" if index % 2 else part


def fill_in(text: str, values: dict[str, str]) -> str:
    """The text with every field replaced; what is not known yet becomes dots."""
    return FIELD.sub(lambda found: values.get(found[1]) or "…", text).strip()


def values_of(document: dict) -> dict[str, str]:
    """What each field becomes, out of a document's facts (`composing.compose`). In Dutch."""
    student, company = document["student"], document["company"]
    school, placement = document["school"], document["placement"]
    with override("nl"):
        return {
            "school": school.get("name", ""),
            "school_plaats": school.get("city", ""),
            "school_vertegenwoordiger": school.get("representative", ""),
            "bedrijf": company.get("name", ""),
            "bedrijf_plaats": company.get("city", ""),
            "bedrijf_vertegenwoordiger": company.get("representative", ""),
            "leerling": student.get("name", ""),
            "geboortedatum": day(student.get("birth_date", "")),
            "klas": student.get("school_class", ""),
            "docent": school.get("teacher", ""),
            "praktijkopleider": company.get("supervisor", ""),
            "eerste_dag": day(placement["starts"]),
            "laatste_dag": day(placement["ends"]),
            "dagen": weekdays(placement["weekdays"]),
            "begintijd": company.get("day_from", ""),
            "eindtijd": company.get("day_to", ""),
            "pauze": str(company.get("break_minutes", "")),
            "totaal_uren": str(school.get("total_hours") or ""),
            "leeractiviteiten": company.get("tasks", ""),
            "wil_leren": student.get("wishes")
            or _("dat bespreken leerling en praktijkopleider in de eerste week."),
            "veiligheid": company.get("clothing") or _("geen bijzonderheden."),
            "vergoeding": allowance(company),
            "verzekering": school.get("insurance", ""),
            "aansprakelijkheid": euros(school.get("liability_maximum")),
        }


def day(iso: str) -> str:
    """ "11 januari 2027" for an ISO date; nothing for nothing."""
    return date_format(date.fromisoformat(iso), "j F Y") if iso else ""


def weekdays(numbers: list[int]) -> str:
    """ "maandag, dinsdag en vrijdag"."""
    words = [str(label) for number, label in WEEKDAYS if number in numbers]
    if len(words) < 2:
        return "".join(words)
    return _("%(days)s en %(last)s") % {"days": ", ".join(words[:-1]), "last": words[-1]}


def euros(amount) -> str:
    """ "€ 1.000.000" for a whole number of euros."""
    return f"€ {int(amount):,}".replace(",", ".") if amount else ""


def allowance(company: dict) -> str:
    """A sentence: whether there is an allowance, how much and for whom."""
    if company.get("allowance") != "yes":
        return _("Er is geen vergoeding afgesproken.")
    whom = _("het stagefonds van de school")
    if company.get("allowance_to") == "student":
        whom = _("de leerling")
    return _("Het bedrijf betaalt een vergoeding van %(amount)s aan %(whom)s.") % {
        "amount": company.get("allowance_amount", ""),
        "whom": whom,
    }
