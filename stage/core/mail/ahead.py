"""What many letters need, read once for all of them before they are written.

A look-up asks `of`; inside `reading` its answer is kept for the next letter. `reads_ahead` tells
how to read what letters of an event need in one go. Outside, everything is read anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)
_READERS: dict[str, Callable[[list], None]] = {}


@contextmanager
def reading() -> Iterator[None]:
    """Keep what is read, for letters of one school that are written within moments."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def of(key: Hashable, read: Callable[[], T]) -> T:
    """What stands under this key, else what `read` gives. A key names all its answer hangs on."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return kept[key]


def keep(found: Mapping[Hashable, Any]) -> None:
    """Keep what was read for many, by the keys that the look-ups ask."""
    kept = _kept.get()
    if kept is not None:
        kept.update(found)


def reads_ahead(*events: str) -> Callable:
    """Register the function `(rows)` that reads, and keeps, what letters of these events need."""

    def register(function: Callable[[list], None]) -> Callable:
        _READERS.update(dict.fromkeys(events, function))
        return function

    return register


def prepare(rows: Iterable) -> None:
    """Let each event read ahead for its rows."""
    waiting: dict[Callable, list] = {}
    for row in rows:
        if reader := _READERS.get(row.event):
            waiting.setdefault(reader, []).append(row)
    for reader, its in waiting.items():
        reader(its)
