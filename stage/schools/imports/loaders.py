"""Which functions foresee and write the checked rows of a sheet: an app registers its own."""

from __future__ import annotations

from collections.abc import Callable

_LOADERS: dict[str, Callable] = {}
_PREVIEWS: dict[str, Callable] = {}
_BINDING: set[str] = set()


def register(
    sheet: str, loader: Callable, preview: Callable | None = None, *, binding: bool = False
) -> None:
    """Say which loader writes the rows of a sheet, and what foresees the outcome.

    `loader(rows, *, job, actor, progress) -> {"new": …, "changed": …, "same": …}`; it runs in the
    caller's transaction, so that all rows come in or none.
    `preview(rows, *, job, actor)` answers the same, and raises the same RowsRefused, from reads
    alone. Without one the loader is run and rolled back. `binding`: what is written is what the
    preview said, or nothing; then a person looks again.
    """
    _LOADERS[sheet] = loader
    if preview is not None:
        _PREVIEWS[sheet] = preview
    if binding:
        _BINDING.add(sheet)


def loader_of(sheet: str) -> Callable:
    """The loader of a sheet. Raises `KeyError` for a sheet nobody loads."""
    return _LOADERS[sheet]


def preview_of(sheet: str) -> Callable | None:
    """What foresees the outcome of a sheet from reads alone; None where nothing does."""
    return _PREVIEWS.get(sheet)


def is_binding(sheet: str) -> bool:
    """Whether rows come in as their preview said or not at all."""
    return sheet in _BINDING
