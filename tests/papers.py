"""Reads documents back."""

from __future__ import annotations

import pypdfium2


def text_of(data: bytes) -> list[str]:
    """The text of each page."""
    opened = pypdfium2.PdfDocument(data)
    texts = [page.get_textpage().get_text_range() for page in opened]
    opened.close()
    return texts
