"""The agreement as people read it: on screen, while signing and on paper the same words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.agreements import composing, merging
from placements.enums import Party

WORK_KINDS = {
    "light": gettext_lazy("licht werk, niet in een fabriek of werkplaats"),
    "light_industrial": gettext_lazy("licht werk in een fabriek of werkplaats"),
    "risk": gettext_lazy("werk met bijzonder risico, onder toezicht van een deskundige"),
}


@dataclass(frozen=True)
class Part:
    """What the agreement says about one party."""

    party: str
    title: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class Article:
    """One article, and whom it concerns in words."""

    number: int
    title: str
    text: str
    concerns: str


@dataclass(frozen=True)
class Reading:
    """All of an agreement's text."""

    parts: list[Part]
    placement: list[tuple[str, str]]
    articles: list[Article]

    def part(self, party: str) -> Part:
        return next(p for p in self.parts if p.party == party)


def read(agreement) -> Reading:
    """The text as it is frozen, or as it stands now while it is being filled in."""
    document = composing.compose(agreement)
    values = merging.values_of(document)
    parts = [
        Part(Party.STUDENT.value, _("Leerling"), _student(document["student"], values)),
        Part(Party.COMPANY.value, _("Bedrijf"), _company(document["company"])),
        Part(Party.SCHOOL.value, _("School"), _school(document["school"], values)),
    ]
    articles = [
        Article(row["number"], row["title"], row["text"], concerns(row["parties"]))
        for row in document["articles"]
    ]
    return Reading(parts, _placement(values), articles)


def concerns(parties: list[str]) -> str:
    return ", ".join(str(Party(p).label).lower() for p in Party.values if p in parties)


def _place(facts: dict) -> str:
    town = " ".join(filter(None, [facts.get("postcode"), facts.get("city")]))
    return ", ".join(filter(None, [facts.get("street"), town]))


def _student(facts: dict, values: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (_("Naam"), facts.get("name", "")),
        (_("Geboortedatum"), values["geboortedatum"]),
        (_("Klas"), facts.get("school_class", "")),
        (_("Adres"), _place(facts)),
        (_("Telefoon"), facts.get("telephone", "")),
        (_("Telefoon bij nood"), facts.get("emergency_telephone", "")),
        (_("Wil leren"), facts.get("wishes", "")),
    ]


def _company(facts: dict) -> list[tuple[str, str]]:
    times = " – ".join(filter(None, [facts.get("day_from"), facts.get("day_to")]))
    return [
        (_("Naam"), facts.get("name", "")),
        (_("Adres"), _place(facts)),
        (_("Telefoon"), facts.get("telephone", "")),
        (_("Vertegenwoordigd door"), _who(facts)),
        (_("Praktijkopleider"), facts.get("supervisor", "")),
        (_("Werktijden"), times),
        (_("Pauze"), _("%(n)s minuten") % {"n": facts.get("break_minutes", 0)}),
        (_("Werk en leeractiviteiten"), facts.get("tasks", "")),
        (_("Soort werk"), str(WORK_KINDS.get(facts.get("work_kind", ""), ""))),
        (_("RI&E met een deel over jongeren"), _yes_no(facts.get("risk_assessment"))),
        (_("Kleding en veiligheid"), facts.get("clothing", "")),
        (_("Vergoeding"), merging.allowance(facts) if facts.get("allowance") else ""),
    ]


def _school(facts: dict, values: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (_("Naam"), facts.get("name", "")),
        (_("Adres"), _place(facts)),
        (_("Telefoon"), facts.get("telephone", "")),
        (_("Vertegenwoordigd door"), _who(facts)),
        (_("Stagebegeleider"), facts.get("teacher", "")),
        (_("Totaal aantal uren"), values["totaal_uren"]),
        (_("Verzekering"), facts.get("insurance", "")),
        (_("Hoogste bedrag bij schade"), values["aansprakelijkheid"]),
    ]


def _who(facts: dict) -> str:
    return ", ".join(filter(None, [facts.get("representative"), facts.get("function")]))


def _yes_no(value: str | None) -> str:
    return {"yes": _("ja"), "no": _("nee")}.get(value or "", "")


def _placement(values: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (_("Eerste dag"), values["eerste_dag"]),
        (_("Laatste dag"), values["laatste_dag"]),
        (_("Dagen"), values["dagen"]),
        (_("Werktijden"), f"{values['begintijd']} – {values['eindtijd']}"),
        (_("Totaal aantal uren"), values["totaal_uren"]),
    ]
