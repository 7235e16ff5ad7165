"""Fields in the agreement's text: `{leerling}` becomes the student's name."""

from __future__ import annotations

import re

from django.utils.translation import override

from placements.agreements.facts import FACTS

FIELD = re.compile(r"\{([a-z_]+)\}")

MERGES = [(fact, merge) for fact in FACTS for merge in fact.merges]
# What a coordinator may write between braces, with what it stands for.
FIELDS = {merge.name: merge.meaning for _fact, merge in sorted(MERGES, key=lambda m: m[1].rank)}


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
    """What each field becomes, out of a document's facts (`queries.reading.compose`). In Dutch."""
    with override("nl"):
        return {merge.name: merge.write(document[fact.party], fact.key) for fact, merge in MERGES}
