"""Which column of a table is which field: recognised, remembered, or asked."""

import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

from stage.core.dutch.names import sort_key
from stage.schools.imports.bsn import refuse_bsn
from stage.schools.imports.fields import Field, Sheet
from stage.schools.imports.reader import Table

IGNORED = ""  # a remembered column that is left out on purpose
# The column that we put beside the rows we give back (`giving_back`).
REASON_HEADING = "Waarom niet ingelezen"
SHORTEST_GUESS = 3  # letters


@dataclass(frozen=True)
class Mapping:
    """`found`: field name → heading. `unknown`: headings that are not used.

    `unasked`: those of them that nobody said anything about yet, and that no word of ours knows.
    """

    found: dict[str, str]
    missing_required: list[Field]
    unknown: list[str]
    unasked: list[str] = field(default_factory=list)


def normalise_heading(heading: str) -> str:
    """What headings are compared and remembered by: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", sort_key(heading))


def map_headings(
    table: Table, sheet: Sheet, remembered: MappingType[str, str] | None = None
) -> Mapping:
    """Recognise the columns of a table.

    `remembered` is what somebody chose before: normalised heading → field name, or "" to leave the
    column out; it wins over the synonyms. Raises `ImportRefused` when a column holds BSNs.
    """
    refuse_bsn(table)
    chosen = remembered or {}
    names = {candidate.name for candidate in sheet.fields}
    ranks = {
        normalise_heading(synonym): (rank, candidate.name)
        for candidate in reversed(sheet.fields)
        for rank, synonym in reversed(list(enumerate(candidate.synonyms, start=1)))
    }
    best: dict[str, tuple[int, str]] = {}
    for heading in table.headings:
        key = normalise_heading(heading)
        if key in chosen and (chosen[key] in names or chosen[key] == IGNORED):
            rank, name = 0, chosen[key]
        else:
            rank, name = ranks.get(key, (0, IGNORED))
        if name and (name not in best or rank < best[name][0]):
            best[name] = (rank, heading)
    found = {
        candidate.name: best[candidate.name][1]
        for candidate in sheet.fields
        if candidate.name in best
    }
    missing = [
        candidate
        for candidate in sheet.fields
        if candidate.required
        and candidate.name not in found
        and sheet.instead.get(candidate.name) not in found
    ]
    used = set(found.values())
    unknown = [name for name in table.headings if name not in used]
    said = {key for key, name in chosen.items() if name in names or name == IGNORED}
    known = {*ranks, *said, normalise_heading(REASON_HEADING)}
    unasked = [name for name in unknown if normalise_heading(name) not in known]
    return Mapping(found, missing, unknown, unasked)


def guess_field(heading: str, sheet: Sheet, taken: MappingType[str, str]) -> str:
    """The field, not taken yet, whose shortest word begins as this heading does; else ""."""
    key = normalise_heading(heading)
    if len(key) < SHORTEST_GUESS:
        return IGNORED
    found = [
        (len(normalise_heading(word)), candidate.name)
        for candidate in sheet.fields
        if candidate.name not in taken
        for word in (*candidate.hints, *candidate.synonyms)
        if normalise_heading(word).startswith(key)
    ]
    return min(found)[1] if found else IGNORED
