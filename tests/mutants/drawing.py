"""Small faults that somebody could make, found in the source and drawn with a fixed seed."""

from __future__ import annotations

import ast
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

SUBJECTS = {
    "policies": ("*/policies.py", "stage/*/policies.py", "placements/agreements/policies.py"),
    "services": ("*/services/*.py", "stage/schools/services/*.py", "placements/*/services/*.py"),
    "workflow": ("stage/core/record/workflow.py", "*/workflow.py", "placements/*/workflow.py"),
    "worktime": ("stage/core/dutch/worktime.py",),
    "tenancy": ("stage/core/tenants/tenancy.py",),
    "walls": ("*/walls.py", "stage/core/tenants/wall*.py", "stage/*/walls.py"),
    "links": ("stage/core/who/links.py",),
    "outbox": ("stage/core/mail/outbox.py", "stage/core/mail/delivery.py"),
    "trust": ("companies/trust.py", "companies/services/trust.py"),
}
OTHER = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
# Calls that stand alone and do something nobody sees at once.
GUARDS = ("require", "check", "_check", "lock", "hold", "record", "record_all", "saw", "refuse")


@dataclass(frozen=True)
class Mutant:
    """One fault: in this file, from here to there, this instead."""

    subject: str
    path: str
    function: str
    line: int
    last_line: int
    begin: int
    end: int
    new: str

    @cached_property
    def source(self) -> str:
        """The file as it is."""
        return (ROOT / self.path).read_text()

    @property
    def mutated(self) -> str:
        """The file with the fault."""
        data = self.source.encode()
        return (data[: self.begin] + self.new.encode() + data[self.end :]).decode()

    @property
    def words(self) -> str:
        """What a person reads: old and new."""
        old = self.source.encode()[self.begin : self.end].decode()
        was, now = (" ".join(text.split())[:70] for text in (old, self.new))
        return f"{self.path}:{self.line} {self.function}: {was}  ->  {now or '(gone)'}"

    @property
    def key(self) -> str:
        """The same for as long as neither the file nor the fault changes."""
        text = f"{self.path}\0{self.source}\0{self.begin}\0{self.end}\0{self.new}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", "") or getattr(function, "id", "")


def _is_guard(call: ast.Call) -> bool:
    name = _name(call.func)
    return name in GUARDS or name.startswith(tuple(f"{guard}_" for guard in GUARDS))


def _is_left_out(node: ast.AST) -> bool:
    """Whether it is a guard that can be forgotten: it raises, or asks something that may."""
    if isinstance(node, ast.Raise):
        return node.exc is not None
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _is_guard(node.value)


def _faults(node: ast.AST, text: str) -> Iterator[tuple[ast.AST, str]]:
    """What may be wrong at a node: the node that is replaced, and by what."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = (ast.get_source_segment(text, e) for e in (node.left, node.comparators[0]))
        yield node, f"{left} {OTHER[type(node.ops[0])]} {right}"
    elif isinstance(node, ast.BoolOp):
        parts = [f"({ast.get_source_segment(text, value)})" for value in node.values]
        yield node, (" or " if isinstance(node.op, ast.And) else " and ").join(parts)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, f"bool({ast.get_source_segment(text, node.operand)})"
    elif _is_left_out(node):
        yield node, "pass"
    elif isinstance(node, ast.Return) and getattr(node.value, "value", None) in (True, False):
        yield node, f"return {not node.value.value}"
    elif isinstance(node, ast.Call):
        yield from _faults_of_call(node, text)


def _faults_of_call(node: ast.Call, text: str) -> Iterator[tuple[ast.AST, str]]:
    """A row that is not held; a condition left out."""
    name, of = _name(node.func), getattr(node.func, "value", None)
    if name == "select_for_update" and of is not None:
        rows = ast.get_source_segment(text, of) or ""
        yield node, f"{rows}.all()" if rows.endswith("objects") else rows
    elif name in ("filter", "exclude"):
        for left_out in node.keywords:
            kept = [*node.args, *(k for k in node.keywords if k is not left_out)]
            inside = ", ".join(ast.get_source_segment(text, part) or "" for part in kept)
            yield node, f"{ast.get_source_segment(text, node.func)}({inside})"


def mutants_of(subject: str) -> list[Mutant]:
    """Every fault of a subject, in the order of the source."""
    paths = sorted({p for pattern in SUBJECTS[subject] for p in ROOT.glob(pattern)})
    return [m for path in paths for m in _in_file(subject, path)]


def _in_file(subject: str, path: Path) -> Iterator[Mutant]:
    text = path.read_text()
    lines = [len(line.encode()) for line in text.splitlines(keepends=True)]
    starts = [sum(lines[:n]) for n in range(len(lines) + 1)]
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            for old, new in _faults(node, text):
                yield Mutant(
                    subject,
                    str(path.relative_to(ROOT)),
                    function.name,
                    old.lineno,
                    old.end_lineno,
                    starts[old.lineno - 1] + old.col_offset,
                    starts[old.end_lineno - 1] + old.end_col_offset,
                    new,
                )


def draw(number: int, seed: int) -> list[Mutant]:
    """So many, each subject in its turn; the same for the same seed and source.

    The first ones of a longer draw are those of a shorter one.
    """
    chance = random.Random(seed)
    piles = [mutants_of(subject) for subject in SUBJECTS]
    for pile in piles:
        chance.shuffle(pile)
    turns = [pile[n] for n in range(max(map(len, piles))) for pile in piles if n < len(pile)]
    return turns[:number]
