"""The agreement's text: the document that everybody signs, and how people read it.

On screen, while signing and on paper it is the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from placements.agreements import merge_fields
from placements.agreements.enums import Party
from placements.agreements.facts import (
    COMPANY,
    FACTS,
    PARTIES,
    PLACEMENT,
    SCHOOL,
    STUDENT,
    known_of,
)
from placements.agreements.known import Known
from placements.changes.shown import Side
from stage.core.record.frozen import digest


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
    sides: list[Side] = field(default_factory=list)  # of an amendment: what was and what becomes
    from_on: date | None = None  # of an amendment: from when
    student_name: str = ""

    def part(self, party: str) -> Part:
        return next(p for p in self.parts if p.party == party)


def compose(agreement) -> dict:
    """The agreement as it reads now: facts per party, and the articles with their fields filled in.

    Plain JSON. Once frozen it is what was frozen, whatever changed since.
    """
    if agreement.document is not None:
        return agreement.document
    answers = {row.party: row.fields for row in agreement.answers.all()}
    document = {
        "agreement": agreement.public_id,
        "version": agreement.version,
        **{party: answers.get(party, {}) for party in PARTIES},
        PLACEMENT: known_of(PLACEMENT, Known(agreement.placement)),
    }
    values = merge_fields.values_of(document)
    document["articles"] = [_article(row, values) for row in agreement.articles.all()]
    return document


def _article(row, values: dict[str, str]) -> dict:
    article = {
        "number": row.number,
        "title": merge_fields.fill_in(row.title, values),
        "text": merge_fields.fill_in(row.text, values),
        "parties": list(row.parties),
    }
    return {**article, "digest": digest(article)}


def read(agreement) -> Reading:
    """The text as it is frozen, or as it stands now while it is being filled in."""
    document = compose(agreement)
    titles = {STUDENT: _("Leerling"), COMPANY: _("Bedrijf"), SCHOOL: _("School")}
    parts = [Part(party, titles[party], lines_of(party, document)) for party in PARTIES]
    articles = [
        Article(row["number"], row["title"], row["text"], concerns(row["parties"]))
        for row in document["articles"]
    ]
    sides = [Side(*row) for row in document.get("sides", ())]
    from_on = date.fromisoformat(document["from_on"]) if "from_on" in document else None
    name = document[STUDENT].get("name", "")
    return Reading(parts, lines_of(PLACEMENT, document), articles, sides, from_on, name)


def lines_of(part: str, document: dict) -> list[tuple[str, str]]:
    """The lines of one part of a document, a word and what it says."""
    return [
        (str(row.label or fact.label), row.write(document[fact.party], fact.key))
        for fact in FACTS
        for row in fact.rows
        if (row.part or fact.party) == part
    ]


def concerns(parties: list[str]) -> str:
    return ", ".join(str(Party(p).label).lower() for p in Party.values if p in parties)
