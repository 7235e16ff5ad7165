"""Reading what is printed: the QR codes and the words of a PDF."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import zxingcpp
from pypdf import PdfReader


def codes_in(pdf: bytes) -> list[str]:
    """What a phone's camera reads on the pages of a PDF, top to bottom."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        picture = page.render(scale=3).to_pil()
        codes = zxingcpp.read_barcodes(picture)
        found += [code.text for code in sorted(codes, key=_place)]
        page.close()
    document.close()
    return found


def _place(code) -> tuple[int, int]:
    corner = code.position.top_left
    return (corner.y // 50, corner.x)


def words_of(pdf: bytes) -> str:
    """All text of a PDF on one line."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return " ".join(" ".join(pages).split())
