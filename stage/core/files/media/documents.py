"""Uploaded PDF files: the pages copied into a new file, without anything that acts or hides."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from django.utils.translation import gettext as _

from stage.core.files.media.base import CleanFile, FileRefused, clean_file
from stage.core.files.media.inflation import refuse_inflated_bytes, refuse_inflated_streams

MAX_PDF_BYTES = 15 * 1024 * 1024
MAX_PAGES = 50
MAX_DEPTH = 60  # of objects within objects; real files stay below ten

# Keys that run something, carry a file along, or say where and by whom it was made.
_BANNED_KEYS = frozenset(
    {"/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/AF", "/XFA", "/RichMediaContent"}
    | {"/RichMediaSettings", "/Metadata", "/PieceInfo", "/LastModified", "/Collection", "/Movie"}
    | {"/Sound", "/Rendition", "/URI", "/Launch", "/Win", "/Thumb"}
)
# Every kind of action but a jump within the document.
# fmt: off
_ACTIONS = frozenset([
    "/JavaScript", "/Launch", "/URI", "/SubmitForm", "/ImportData", "/ResetForm", "/GoToR",
    "/GoToE", "/GoToDp", "/Rendition", "/Movie", "/Sound", "/Hide", "/Named", "/SetOCGState",
    "/Thread", "/Trans", "/GoTo3DView", "/RichMediaExecute",
])
# fmt: on
# Notes and marks; fields of a form are drawn on the page first.
# fmt: off
_ANNOTATIONS = frozenset([
    "/Link", "/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly",
    "/Ink", "/Stamp", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Caret",
    "/Popup",
])
# fmt: on


def clean_pdf(data: bytes) -> CleanFile:
    """A new PDF with the same pages and nothing else.

    No scripts, actions, attachments, forms that compute, or metadata, nor those inside its photos.
    At most 15 MB, 50 pages, and 100 MB once unpacked. Raises `FileRefused`, also for a file
    with a password.
    """
    if len(data) > MAX_PDF_BYTES:
        raise FileRefused(_("Deze PDF is groter dan 15 MB. Maak hem kleiner of splits hem."))
    if b"%PDF-" not in data[:1024]:
        raise FileRefused(_("Dit is geen PDF. Bewaar het als PDF en kies dat bestand."))
    refuse_inflated_bytes(data)
    try:
        with pikepdf.open(BytesIO(data)) as source:
            if source.is_encrypted:
                raise FileRefused(_locked())
            refuse_inflated_streams(source)
            return _rebuilt(source)
    except FileRefused:
        raise
    except pikepdf.PasswordError:
        raise FileRefused(_locked()) from None
    except Exception as error:
        # A parser of hostile bytes raises nearly anything; whatever it is, the file is no good.
        message = _("Deze PDF is beschadigd. Bewaar het document opnieuw als PDF.")
        raise FileRefused(message) from error


def _locked() -> str:
    return _("Deze PDF is beveiligd. Bewaar hem zonder wachtwoord en kies hem opnieuw.")


def _rebuilt(source: pikepdf.Pdf) -> CleanFile:
    pages = len(source.pages)
    if pages == 0:
        raise FileRefused(_("Deze PDF heeft geen pagina's."))
    if pages > MAX_PAGES:
        message = _("Deze PDF heeft %(pages)s pagina's. Het mogen er hoogstens %(max)s zijn.")
        raise FileRefused(message % {"pages": pages, "max": MAX_PAGES})
    # What is filled in in a form becomes part of the page.
    source.generate_appearance_streams()
    source.flatten_annotations("all")
    with pikepdf.new() as target:
        target.pages.extend(source.pages)
        for page in target.pages:
            _keep_known_annotations(page.obj)
        seen: set[tuple[int, int]] = set()
        for page in target.pages:
            _disarm(page.obj, seen)
        out = BytesIO()
        target.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return clean_file(out.getvalue(), "application/pdf", pages=pages)


def _keep_known_annotations(page: pikepdf.Object) -> None:
    if "/Annots" not in page:
        return
    annotations = page["/Annots"]
    if not isinstance(annotations, pikepdf.Array):
        del page["/Annots"]
        return
    kept = [
        item
        for item in annotations
        if isinstance(item, pikepdf.Dictionary) and str(item.get("/Subtype")) in _ANNOTATIONS
    ]
    page["/Annots"] = pikepdf.Array(kept)


def _disarm(start: pikepdf.Object, seen: set[tuple[int, int]]) -> None:
    """Empty every action and drop the banned keys of all that hangs on an object.

    Walks with a stack of its own: files nest deeper than Python does.
    """
    waiting = [(start, 0)]
    while waiting:
        thing, depth = waiting.pop()
        if depth > MAX_DEPTH and not thing.is_indirect:
            raise ValueError("objects nested too deeply")
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
            depth = 0
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            _disarm_keys(thing)
        waiting.extend((child, depth + 1) for child in _children(thing))


def _disarm_keys(thing: pikepdf.Object) -> None:
    is_action = str(thing.get("/S")) in _ACTIONS
    for key in list(thing.keys()):
        if key in _BANNED_KEYS or (is_action and key != "/Type"):
            del thing[key]
    if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == pikepdf.Name.DCTDecode:
        raw = thing.read_raw_bytes()
        stripped = without_jpeg_metadata(raw)
        if stripped != raw:
            thing.write(stripped, filter=pikepdf.Name.DCTDecode)


def _children(thing: pikepdf.Object) -> Iterator[pikepdf.Object]:
    if isinstance(thing, pikepdf.Array):
        children = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        children = [thing[key] for key in list(thing.keys())]
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
            yield child


def without_jpeg_metadata(data: bytes) -> bytes:
    """A JPEG without its EXIF, XMP, IPTC and comment segments; the picture itself is untouched.

    What is no JPEG comes back as it is.
    """
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        # APP1 holds EXIF and XMP, APP13 IPTC, COM a comment; APP14 tells how colours are stored.
        if data[at + 1] not in (0xE1, 0xED, 0xFE):
            kept.append(data[at : at + length])
        at += length
    return b"".join(kept) + data[at:]
