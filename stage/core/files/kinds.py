"""What kinds of files there are: each app registers its own, with the rules that hold for them.

    @kinds.register(FileKind.PHOTO, takes=("image",))
    def see_photo(actor, file) -> Answer:
        "Who may open a photo that they can see the row of."

A kind's word stands in the database; one that nobody registered is not stored and not opened. Who
may see or add the *row* of a file the walls say: an app answers for its kinds in `CONTRIBUTIONS`
(`own_files`, `school_files`, `signed_files`), and here the same for the code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Policy = TypeVar("Policy", bound=Callable)


@dataclass(frozen=True)
class Kind:
    """The rules of one kind; `takes`: what people upload as it, none when no one does.

    `of_school`: a file about no student is for every student of the school. `of_signatories`: whose
    company a file is about and who signs for it sees it too. `of_pool`: a file of a company in the
    pool, of no school, is for every student of the region.
    """

    name: str
    may_open: Callable  # (actor, StoredFile) -> Answer, of somebody who can see the row
    takes: tuple[str, ...]
    of_school: bool
    of_signatories: bool
    of_pool: bool


_KINDS: dict[str, Kind] = {}


def register(
    name: str,
    *,
    takes: tuple[str, ...],
    of_school: bool = False,
    of_signatories: bool = False,
    of_pool: bool = False,
) -> Callable[[Policy], Policy]:
    """Register a kind with the policy that must allow before one of its files is opened."""

    def with_policy(policy: Policy) -> Policy:
        _KINDS[str(name)] = Kind(str(name), policy, takes, of_school, of_signatories, of_pool)
        return policy

    return with_policy


def kind_named(name: str) -> Kind:
    """The rules of a kind. Raises `LookupError` for one that no app registered."""
    try:
        return _KINDS[str(name)]
    except KeyError:
        raise LookupError(f"no app registered files of kind {name!r}") from None


def is_known(name: str) -> bool:
    """Whether an app registered this kind."""
    return str(name) in _KINDS


def all_kinds() -> list[Kind]:
    """Every kind there is."""
    return list(_KINDS.values())
