"""Every verb of the audit trail has words, and every word a verb."""

from __future__ import annotations

import ast

from placements.enums import ChangeKind
from stage.core.record import audit
from tests.test_architecture import SOURCES

# Where the verb stands among the arguments of what records it.
POSITIONS = {"record": 1, "entry_of": 1, "saw": 2, "Transition": 4}
# Made of a part and what happened to it (`companies.services.pool.save_part`).
PARTS = {f"{part}_{did}" for part in ("location", "department") for did in ("added", "changed")}
# Made of what changes in a placement (`placements.services.changing.change_placement`); a match
# that is undone is the step of the placement itself.
PARTS |= {f"change_{kind}" for kind in ChangeKind if kind != ChangeKind.UNMATCH}


def _verbs() -> set[str]:
    found = set(PARTS) | {"saw"}
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call):
                found |= _verbs_of(call)
    return found


def _verbs_of(call: ast.Call) -> set[str]:
    function = call.func
    of_audit = isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "audit"
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    position = POSITIONS.get(name)
    if position is None or not (of_audit or name == "Transition") or len(call.args) <= position:
        return set()
    if isinstance(call.args[position], ast.JoinedStr):
        return set()
    parts = ast.walk(call.args[position])
    return {c.value for c in parts if isinstance(c, ast.Constant) and isinstance(c.value, str)}


def test_a_coordinator_reads_words_never_a_verb_of_the_code():
    found = _verbs()
    assert len(found) > 100
    assert found - audit.VERBS.keys() == set()
    assert audit.VERBS.keys() - found == set(), "words that nothing records"
