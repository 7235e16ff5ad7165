"""The shape of a row of `facts.FACTS` and of what hangs on it; and rows that come together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from placements.agreements import fields, words
from placements.agreements.known import Known

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LAST = 1000


@dataclass(frozen=True)
class Row:
    """A line of the text: by itself the answer under the fact's own label, in its own part."""

    label: str | StrPromise = ""
    write: words.Write = words.as_is
    part: str = ""


@dataclass(frozen=True)
class Merge:
    """A field for the articles: its name between braces, and what stands there later, in words."""

    name: str
    meaning: str | StrPromise
    write: words.Write = words.as_is
    rank: int = LAST  # its place in the list that the coordinator sees


@dataclass(frozen=True)
class Only:
    """Asked for when another answer is `value`: needed then, and empty when it is another."""

    key: str
    value: str
    missing: str | StrPromise


@dataclass(frozen=True)
class Explain:
    """An answer with which it only goes on when the coordinator says why; kept as a rule."""

    answer: str
    rule: str
    text: str | StrPromise
    source: str | StrPromise


@dataclass(frozen=True)
class Fact:
    """One thing an agreement says. `key` stands in what was signed: it never changes."""

    party: str
    key: str
    label: str | StrPromise
    field: fields.Kind | None = None  # how it is asked; None: it is known, nobody fills it in
    known: Callable[[Known], Any] = lambda known: ""  # plain JSON
    concerns: tuple[str, ...] = ()  # which other parties look again when it changes
    rows: tuple[Row, ...] = (Row(),)  # none when another fact's line holds it
    merges: tuple[Merge, ...] = ()
    only: Only | None = None
    explain: Explain | None = None
    plans: Callable[[Any], Any] | None = None  # the placement's field `key` becomes this
    signs: bool = True  # whether a change of it after signing is signed again, or only told


def address(
    party: str, street, city, of: Callable[[Known], Any], *merges: Merge
) -> tuple[Fact, ...]:
    """Where a party is: three answers, one line. `of` gives what has these three, or None."""

    def known(name: str) -> Callable[[Known], str]:
        return lambda k: getattr(of(k), name) if of(k) else ""

    line = Row(_("Adres"), words.address)
    return (
        Fact(party, "street", street, fields.street, known("street"), rows=(line,)),
        Fact(party, "postcode", _("Postcode"), fields.postcode, known("postcode"), rows=()),
        Fact(party, "city", city, fields.text(80), known("city"), rows=(), merges=merges),
    )


def representative(
    party: str, label, of: Callable[[Known], tuple[str, str]], *merges: Merge
) -> tuple[Fact, ...]:
    """Who signs for a party, and as what: two answers, one line."""
    line = Row(_("Vertegenwoordigd door"), words.joined("representative", "function", by=", "))
    kind = fields.text(120)
    return (
        Fact(party, "representative", label, kind, lambda k: of(k)[0], rows=(line,), merges=merges),
        Fact(party, "function", _("Functie"), fields.text(80), lambda k: of(k)[1], rows=()),
    )
