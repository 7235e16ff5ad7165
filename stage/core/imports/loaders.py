"""Which functions foresee and write the checked rows of a sheet: an app registers its own."""

from __future__ import annotations

from collections.abc import Callable

_LOADERS: dict[str, Callable] = {}
_PREVIEWS: dict[str, Callable] = {}


def register(sheet: str, loader: Callable, preview: Callable | None = None) -> None:
    """Say which loader writes the rows of a sheet, and what foresees the outcome.

    `loader(rows, *, job, actor, progress) -> {"new": …, "changed": …, "same": …}`; it runs in the
    caller's transaction, so that all rows come in or none.
    `preview(rows, *, job, actor)` answers the same, and raises the same RowsRefused, from reads
    alone. Without one the loader is run and rolled back.
    """
    _LOADERS[sheet] = loader
    if preview is not None:
        _PREVIEWS[sheet] = preview


def loader_of(sheet: str) -> Callable:
    """The loader of a sheet. Raises `KeyError` for a sheet nobody loads."""
    return _LOADERS[sheet]


def preview_of(sheet: str) -> Callable | None:
    """What foresees the outcome of a sheet from reads alone; None where nothing does."""
    return _PREVIEWS.get(sheet)
