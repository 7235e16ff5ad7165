"""PDF files: name -> how to make its bytes."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from io import BytesIO

from pikepdf import Array, Dictionary, Encryption, Name, String

from tests.core.test_media_pdf import DANGER, hostile, pages, saved, script
from tests.hostile.pictures import SCRIPT

__all__ = ["DANGER", "DOCUMENTS"]


def only(place: Callable) -> bytes:
    pdf = pages()
    place(pdf)
    return saved(pdf)


def open_action(pdf) -> None:
    pdf.Root.OpenAction = script()


def named_script(pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))


def embedded(pdf) -> None:
    pdf.attachments["calc.exe"] = b"MZ calc.exe"


def page_bomb(pdf) -> None:
    """A page that unpacks to 300 MB of nothing, twice packed."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(300)) + packer.flush()
    stream = pdf.make_stream(b"")
    stream.write(zlib.compress(packed), filter=Array([Name.FlateDecode, Name.FlateDecode]))
    pdf.pages[0].Contents = stream


def spaces(megabytes: int) -> bytes:
    """So many MB of nothing, packed."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()


def plain_bomb(pdf) -> None:
    """A page that unpacks to 300 MB, packed once."""
    pdf.pages[0].Contents = pdf.make_stream(b"")
    pdf.pages[0].Contents.write(spaces(300), filter=Name.FlateDecode)


def many_small(pdf) -> None:
    """Thirty pages of 10 MB each."""
    for _ in range(30):
        page = pdf.add_blank_page()
        page.Contents = pdf.make_stream(b"")
        page.Contents.write(spaces(10), filter=Name.FlateDecode)


def written_out(pdf) -> None:
    """300 MB, packed and then written in letters."""
    pdf.pages[0].Contents = pdf.make_stream(b"")
    filters = Array([Name.ASCIIHexDecode, Name.FlateDecode])
    pdf.pages[0].Contents.write(spaces(300).hex().encode() + b">", filter=filters)


def in_a_picture(pdf) -> None:
    """300 MB, packed twice over and written in letters, that say to be a JPEG."""
    pdf.pages[0].Contents = pdf.make_stream(b"")
    filters = [Name.ASCII85Decode, Name.FlateDecode, Name.FlateDecode, Name.DCTDecode]
    packed = base64.a85encode(zlib.compress(spaces(300))) + b"~>"
    pdf.pages[0].Contents.write(packed, filter=Array(filters))


def runs(pdf) -> None:
    """150 MB of runs of one sign."""
    pdf.pages[0].Contents = pdf.make_stream(b"")
    packed = b"\x81 " * (150_000_000 // 128) + b"\x80"
    pdf.pages[0].Contents.write(packed, filter=Name.RunLengthDecode)


def old_packing(pdf) -> None:
    """LZW, whose growth no parser of ours bounds; its name written so that a search misses it."""
    pdf.pages[0].Contents = pdf.make_stream(b"")
    pdf.pages[0].Contents.write(b"\x80\x0b\x60" * 200_000, filter=Name.LZWDecode)


def form_bomb(pdf) -> None:
    """A field whose look, which is drawn on the page, draws itself."""
    look = pdf.make_stream(b"/F Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 10, 10])
    look.Resources = Dictionary(XObject=Dictionary(F=look))
    field = Dictionary(
        Subtype=Name.Widget, FT=Name.Tx, Rect=[0, 0, 9, 9], AP=Dictionary(N=look), T=String("a")
    )
    field = pdf.make_indirect(field)
    pdf.pages[0].Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


def locked() -> bytes:
    out = BytesIO()
    pages().save(out, encryption=Encryption(owner="geheim", user="geheim"))
    return out.getvalue()


def object_stream_bomb() -> bytes:
    """A packed list of objects that unpacks to 200 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 3 0 R>>endobj\n"
    at = len(head)
    body = b"2 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    rows = [b"\0\0\0\0\xff", b"\1" + (9).to_bytes(3, "big") + b"\0"]
    rows += [b"\1" + at.to_bytes(3, "big") + b"\0", b"\2" + (2).to_bytes(3, "big") + b"\0"]
    table = b"".join(rows)
    body += packed + b"\nendstream endobj\n"
    start = at + len(body)
    xref = b"4 0 obj<</Type/XRef/Size 5/W[1 3 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return head + body + xref + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % start


def many_pages() -> bytes:
    return saved(pages(51))


def loop() -> bytes:
    """A page tree that holds itself."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "alles.pdf": hostile,
    "opent-iets.pdf": lambda: only(open_action),
    "script.pdf": lambda: only(named_script),
    "bijlage.pdf": lambda: only(embedded),
    "slot.pdf": locked,
    "bom.pdf": lambda: only(page_bomb),
    "bom-gewoon.pdf": lambda: only(plain_bomb),
    "bom-verdeeld.pdf": lambda: only(many_small),
    "bom-in-letters.pdf": lambda: only(written_out),
    "bom-in-foto.pdf": lambda: only(in_a_picture),
    "bom-in-reeksen.pdf": lambda: only(runs),
    "bom-oud.pdf": lambda: only(old_packing).replace(b"/LZWDecode", b"/L#5aWDecode"),
    "bom-in-veld.pdf": lambda: only(form_bomb),
    "bom-in-lijst.pdf": object_stream_bomb,
    "te-lang.pdf": many_pages,
    "kring.pdf": loop,
    "half.pdf": lambda: hostile()[:1500],
    "pdf-en-html.pdf": lambda: b"<html>" + SCRIPT + hostile(),
    "geen.pdf": lambda: b"%PDF-1.7\n" + b"\xde\xad" * 1000,
    "zwaar.pdf": lambda: hostile() + b"\n%" + b"x" * (15 * 1024 * 1024),
}
