"""Which function writes the checked rows of a sheet: an app registers its own."""

from __future__ import annotations

from collections.abc import Callable

_LOADERS: dict[str, Callable] = {}


def register(sheet: str, loader: Callable) -> None:
    """Say which loader writes the rows of a sheet.

    `loader(rows, *, job, actor, progress) -> {"new": …, "changed": …, "same": …}`; it runs in the
    caller's transaction, so that all rows come in or none.
    """
    _LOADERS[sheet] = loader


def loader_of(sheet: str) -> Callable:
    """The loader of a sheet. Raises `KeyError` for a sheet nobody loads."""
    return _LOADERS[sheet]
