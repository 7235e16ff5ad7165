"""What an agreement says: one table, with all that is made of it.

A row of `FACTS` is one fact of one party, in the module of that party. Out of the table come the
parties' forms (`forms.py`) and what they start with (`known_of`), the text that people read
(`queries/reading.py`), the fields of the articles (`merge_fields.py`), who looks again when an
answer changes (`services/filling.py`), what a coordinator explains before the text is fixed
(`queries/checking.py`), and what the placement takes over then (`services/freezing.py`). A new fact
is one row. What several facts say together, such as the times and the law, is checked in
`queries/checking.py`.
"""

from __future__ import annotations

from placements.agreements.fact_types import Fact
from placements.agreements.facts.company import OF_COMPANY
from placements.agreements.facts.parties import COMPANY, PARTIES, PLACEMENT, SCHOOL, STUDENT
from placements.agreements.facts.placement import OF_PLACEMENT
from placements.agreements.facts.school import OF_SCHOOL
from placements.agreements.facts.student import OF_STUDENT
from placements.agreements.known import Known

__all__ = [
    "COMPANY",
    "FACTS",
    "PARTIES",
    "PLACEMENT",
    "SCHOOL",
    "STUDENT",
    "facts_of",
    "known_of",
]

# In the order in which they are asked and read.
FACTS: tuple[Fact, ...] = (*OF_PLACEMENT, *OF_STUDENT, *OF_COMPANY, *OF_SCHOOL)


def facts_of(party: str) -> tuple[Fact, ...]:
    """What one party says, or the placement, in order."""
    return tuple(fact for fact in FACTS if fact.party == party)


def known_of(party: str, known: Known) -> dict:
    """What a part starts with, as plain JSON."""
    return {fact.key: fact.known(known) for fact in facts_of(party)}
