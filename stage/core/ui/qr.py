"""QR codes as SVG, for pages, posters and login cards."""

from base64 import b64encode

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathFillImage


def qr_svg(text: str) -> str:
    """An SVG document: one path on white with its quiet zone, error correction M (15 %).

    White stays white on a dark page, where a reader would not see the code otherwise.

    Raises `ValueError` for an empty text or one that does not fit (2,331 bytes).
    """
    if not text:
        raise ValueError("nothing to encode")
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, image_factory=SvgPathFillImage)
    code.add_data(text)
    return code.make_image().to_string(encoding="unicode")


def qr_data_uri(text: str) -> str:
    """The same as a `data:` address for `<img>`; its alt text must say what it is."""
    return "data:image/svg+xml;base64," + b64encode(qr_svg(text).encode()).decode("ascii")
