"""The permission table, by hand and apart from the code: one file per app, one row per route.

A row names who may (by cast name) and how to build the address from the world; everybody else in
the cast must be refused with every method. `tests/test_permissions.py` walks it.

The cast, all of them against objects of school Berk and company Bakkerij Noord:

    anonymous, coordinator, teacher (guides the first student), colleague (same school, guides
    nobody), student (the first), classmate (the second), guardian (of the first), contact and
    supervisor (of the company), bureau (of the region), operator, and the strangers:
    other_coordinator, other_teacher, other_student (school Els, same region), far_coordinator,
    far_bureau, far_contact (region Zuid), other_contact (another company of the region). At the
    same company: signatory (Berk's, signs and does nothing else), planted (whom only school Els
    trusts there, in every role) and named (typed by somebody, trusted by nobody).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CAST = (
    "anonymous",
    "coordinator",
    "teacher",
    "colleague",
    "student",
    "classmate",
    "guardian",
    "contact",
    "supervisor",
    "bureau",
    "operator",
    "other_coordinator",
    "other_teacher",
    "other_student",
    "far_coordinator",
    "far_bureau",
    "far_contact",
    "other_contact",
    "signatory",
    "planted",
    "named",
)
STAFF = ("coordinator", "teacher", "colleague")
EVERYBODY = CAST


@dataclass(frozen=True)
class Row:
    """Who may open one route.

    `args`: World -> the route's arguments, of a real object of school Berk. `may` holds the cast
    names for whom a GET (or, on a POST-only route, a POST) gets past a refusal. `post` adds
    what a POST by one of them sends. Strangers whose own school has such a page get a 404 for an
    object of Berk; a page without an object shows them their own school's: they stand in `may`.
    """

    may: tuple[str, ...]
    args: Callable = lambda world: []
    methods: tuple[str, ...] = ("GET",)
    post: Callable = lambda world: {}
