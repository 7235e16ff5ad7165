"""What the cleaning of images and of PDF files shares: kinds, results, refusals."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

# The brands of the ISO container behind an iPhone's photo.
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")


class FileRefused(Exception):
    """A file that is not taken; the message says in the user's language how to mend it."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class CleanFile:
    """A file made anew. Width and height in pixels for an image, pages for a PDF."""

    data: bytes
    content_type: str
    width: int | None
    height: int | None
    sha256: str
    pages: int | None = None


def clean_file(
    data: bytes,
    content_type: str,
    width: int | None = None,
    height: int | None = None,
    pages: int | None = None,
) -> CleanFile:
    """Bytes that are clean, with their fingerprint."""
    return CleanFile(data, content_type, width, height, hashlib.sha256(data).hexdigest(), pages)


def kind_of(data: bytes) -> str:
    """What the first bytes say a file is: image, pdf, heif, or nothing we know."""
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return "image"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "heif"
    return "pdf" if b"%PDF-" in data[:1024] else ""


def heif_message() -> str:
    return _(
        "Deze foto (HEIC) kunnen we niet lezen. Maak een schermafdruk van de foto en kies die."
        " Of laat je camera voortaan JPEG maken: op een iPhone via Instellingen, Camera,"
        " Structuren, Meest compatibel."
    )


def wrong_kind(data: bytes, filename: str, allow: Sequence[str]) -> str:
    if not data:
        return _("Dit bestand is leeg. Kies het opnieuw.")
    if filename.lower().endswith((".doc", ".docx", ".odt", ".pages")) and "pdf" in allow:
        return _("Een tekstdocument kan hier niet. Bewaar het als PDF en stuur dat.")
    if set(allow) == {"image"}:
        return _("Dit is geen foto die we kunnen lezen. Kies een JPG-, PNG- of WEBP-bestand.")
    if set(allow) == {"pdf"}:
        return _("Dit is geen PDF. Bewaar het als PDF en kies dat bestand.")
    return _("Dit bestand kunnen we niet lezen. Kies een foto (JPG, PNG, WEBP) of een PDF.")
