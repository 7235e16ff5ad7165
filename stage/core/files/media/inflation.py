"""How much a PDF holds once it is unpacked: a few kilobytes can hold gigabytes of nothing.

Harmless to keep, not to open: a reader's telephone unpacks every page. So what a file unpacks to is
counted, in pieces, and never held: first whatever is packed in its bytes, before a parser looks at
it, then every stream through its own filters.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterable, Iterator

import pikepdf
from django.utils.translation import gettext as _

from stage.core.files.media.base import FileRefused

MAX_UNPACKED = 100 * 1024 * 1024  # of all streams of a file together; ten scanned pages take 90 MB
PIECE = 64 * 1024

# What qpdf itself unpacks, such as lists of objects. For the whole process, hence set here, once.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MAX_UNPACKED,
    png_max_memory=MAX_UNPACKED,
    tiff_max_memory=MAX_UNPACKED,
    run_length_max_memory=MAX_UNPACKED,
    max_stream_filters=4,
)

_STREAM = re.compile(rb"stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# LZW is not bounded by qpdf; a filter that stands elsewhere in the file could be one.
_UNBOUNDED = re.compile(rb"/LZW(?:Decode)?[\s\]/>]|/Filter\s*\d+\s+\d+\s+R\b")
# LZW unpacks to 2,600 times its size at most: below this it stays within the limit.
_SMALL_LZW = MAX_UNPACKED // 2600
_LZW = ("/LZWDecode", "/LZW")


class Budget:
    """What may still be unpacked of one file; raises `FileRefused` when it is used up."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise FileRefused(
                _(
                    "Deze PDF is uitgepakt veel te groot. Bewaar het document opnieuw als PDF, of"
                    " maak er een foto van."
                )
            )


def refuse_inflated_bytes(data: bytes) -> None:
    """Refuse by its bytes a file that unpacks to too much. Raises `FileRefused`."""
    if len(data) > _SMALL_LZW and _UNBOUNDED.search(_ESCAPED.sub(_sign, data)):
        message = _("Deze PDF is op een verouderde manier ingepakt. Bewaar hem opnieuw als PDF.")
        raise FileRefused(message)
    budget, whole = Budget(), memoryview(data)
    for found in _STREAM.finditer(data):
        for piece in _inflated([whole[found.end() :]]):
            budget.spend(len(piece))


def refuse_inflated_streams(source: pikepdf.Pdf) -> None:
    """Refuse an opened file whose streams unpack to too much. Raises `FileRefused`."""
    budget = Budget()
    for thing in source.objects:
        if isinstance(thing, pikepdf.Stream):
            _spend_on(thing, budget)


def _spend_on(stream: pikepdf.Stream, budget: Budget) -> None:
    filters = _filters(stream)
    if any(name in _LZW for name in filters):
        # Small (see above), so that qpdf may unpack it whole.
        budget.spend(_size_by_qpdf(stream))
        return
    pieces: Iterable[bytes] = [stream.read_raw_bytes()]
    for name in filters:
        if name not in _STAGES:  # a picture in a form of its own, which nobody unpacks here
            break
        pieces = _counted(_STAGES[name](pieces), budget)
    for _piece in pieces:
        pass


def _size_by_qpdf(stream: pikepdf.Stream) -> int:
    try:
        return len(stream.read_bytes(pikepdf.StreamDecodeLevel.specialized))
    except pikepdf.PdfError as error:
        return MAX_UNPACKED + 1 if "memory limit" in str(error) else 0


def _filters(stream: pikepdf.Stream) -> list[str]:
    found = stream.get("/Filter", None)
    if found is None:
        return []
    return [str(name) for name in found] if isinstance(found, pikepdf.Array) else [str(found)]


def _inflated(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """The pieces unpacked, in pieces; ends where they are no longer packed."""
    unpack = zlib.decompressobj()
    try:
        for piece in pieces:
            waiting: bytes | memoryview = piece
            while len(waiting) and not unpack.eof:
                # A slice at a time: zlib hands back a copy of what it left over.
                out = unpack.decompress(waiting[:PIECE], PIECE)
                while out:
                    yield out
                    out = unpack.decompress(unpack.unconsumed_tail, PIECE)
                waiting = waiting[PIECE:]
            if unpack.eof:
                return
    except zlib.error:
        return


def _from_hex(pieces: Iterable[bytes]) -> Iterator[bytes]:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", b"".join(pieces).partition(b">")[0])
    yield bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _from_base85(pieces: Iterable[bytes]) -> Iterator[bytes]:
    try:
        yield base64.a85decode(b"".join(pieces).partition(b"~")[0].strip().removeprefix(b"<"))
    except ValueError:
        return


def _from_runs(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packed, at = b"".join(pieces), 0
    while at + 1 < len(packed) and packed[at] != 128:
        size = packed[at]
        if size < 128:
            yield packed[at + 1 : at + 2 + size]
            at += 2 + size
        else:
            yield packed[at + 1 : at + 2] * (257 - size)
            at += 2


_STAGES: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    **dict.fromkeys(("/FlateDecode", "/Fl"), _inflated),
    **dict.fromkeys(("/ASCIIHexDecode", "/AHx"), _from_hex),
    **dict.fromkeys(("/ASCII85Decode", "/A85"), _from_base85),
    **dict.fromkeys(("/RunLengthDecode", "/RL"), _from_runs),
}


def _counted(pieces: Iterable[bytes], budget: Budget) -> Iterator[bytes]:
    for piece in pieces:
        budget.spend(len(piece))
        yield piece


def _sign(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])
