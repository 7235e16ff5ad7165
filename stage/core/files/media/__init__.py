"""Uploaded files: what is kept is made anew from the content, whatever the name says."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from stage.core.files.media.base import (
    CleanFile,
    FileRefused,
    heif_message,
    kind_of,
    wrong_kind,
)
from stage.core.files.media.documents import clean_pdf
from stage.core.files.media.images import clean_image, thumbnail, tiny

__all__ = [
    "CleanFile",
    "FileRefused",
    "clean_image",
    "clean_pdf",
    "clean_upload",
    "download_name",
    "thumbnail",
    "tiny",
]

SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def clean_upload(
    data: bytes, filename: str = "", allow: Sequence[str] = ("image", "pdf")
) -> CleanFile:
    """A clean image or PDF, whichever the content is; `filename` only helps to explain a refusal.

    Raises `FileRefused` for anything that is not allowed or cannot be read.
    """
    kind = kind_of(data)
    if kind == "heif":
        raise FileRefused(heif_message())
    if kind == "image" and "image" in allow:
        return clean_image(data)
    if kind == "pdf" and "pdf" in allow:
        return clean_pdf(data)
    raise FileRefused(wrong_kind(data, filename, allow))


def download_name(filename: str, content_type: str) -> str:
    """A harmless name for a download: no folders or signs with a meaning, the right extension."""
    stem = PurePath(filename.replace("\\", "/")).name
    stem = stem.rpartition(".")[0] or stem
    stem = re.sub(r"[^\w \-]+", "_", stem).strip(" _-")[:80] or "bestand"
    return stem + SUFFIXES[content_type]
