"""Reads a PDF back: its words and the QR codes on it."""

import pypdfium2
import zxingcpp


def codes_in(data: bytes) -> tuple[str, list[str]]:
    """All text of a PDF, and what its QR codes say."""
    opened = pypdfium2.PdfDocument(data)
    text, codes = [], []
    for page in opened:
        text.append(page.get_textpage().get_text_range())
        codes += [c.text for c in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    return "\n".join(text), codes
