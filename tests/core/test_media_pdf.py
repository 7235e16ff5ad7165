"""Uploaded PDF files: everything that acts or hides is gone, the pages stay."""

import tracemalloc
import zlib
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from stage.core.files.media import FileRefused, clean_pdf, clean_upload
from stage.core.files.media.inflation import refuse_inflated_streams

DANGER = [
    b"JavaScript",
    b"/JS",
    b"app.alert",
    b"/Launch",
    b"calc.exe",
    b"/URI",
    b"evil.example",
    b"/OpenAction",
    b"/AA",
    b"/EmbeddedFile",
    b"/EF",
    b"/XFA",
    b"/SubmitForm",
    b"/RichMedia",
    b"/Metadata",
    b"Jan de Vries",
    b"GPS",
]


def saved(pdf, **options):
    out = BytesIO()
    pdf.save(
        out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable, **options
    )
    return out.getvalue()


def pages(count=1, text="Stageovereenkomst"):
    pdf = Pdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for _ in range(count):
        page = pdf.add_blank_page(page_size=(300, 200))
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode())
    return pdf


def script():
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def hostile():
    pdf = pages(2)
    root, page = pdf.Root, pdf.pages[0].obj
    root.OpenAction = script()
    root.AA = Dictionary(WC=script())
    root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))
    pdf.attachments["calc.exe"] = b"MZ calc.exe"
    root.Metadata = pdf.make_stream(b"<x>Jan de Vries</x>", Type=Name.Metadata)
    pdf.docinfo["/Author"] = "Jan de Vries"
    page.AA = Dictionary(O=script())
    page.Metadata = pdf.make_stream(b"Jan de Vries")
    chain = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]), Next=script())
    rect = Array([0, 0, 100, 100])
    field = pdf.make_indirect(
        Dictionary(
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("naam"),
            V=String("Bakkerij Bos"),
            DA=String("/Helv 12 Tf 0 g"),
            Rect=Array([20, 20, 200, 40]),
            AA=Dictionary(K=script()),
        )
    )
    root.AcroForm = Dictionary(
        XFA=String("<xdp>app.alert</xdp>"),
        Fields=Array([field]),
        NeedAppearances=True,
        DR=Dictionary(Font=Dictionary(Helv=page.Resources.Font.F1)),
    )
    page.Annots = Array(
        [
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rect, A=action)
            for action in (
                Dictionary(S=Name.Launch, F=String("calc.exe")),
                Dictionary(S=Name.URI, URI=String("http://evil.example/")),
                Dictionary(S=Name.SubmitForm, F=String("http://evil.example/")),
                Dictionary(S=Name.GoToR, F=String("evil.example")),
                chain,
            )
        ]
        + [
            field,
            Dictionary(Subtype=Name.FileAttachment, Rect=rect, FS=Dictionary(EF=Dictionary())),
            Dictionary(Subtype=Name.RichMedia, Rect=rect, RichMediaContent=Dictionary()),
            Dictionary(Subtype=Name.Screen, Rect=rect, A=script()),
        ]
    )
    return saved(pdf)


def test_nothing_that_acts_or_hides_is_left():
    before = hostile()
    assert all(danger in before for danger in DANGER if danger != b"GPS")
    result = clean_pdf(before)
    assert [danger for danger in DANGER if danger in result.data] == []
    assert (result.content_type, result.pages) == ("application/pdf", 2)
    with pikepdf.open(BytesIO(result.data)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert not pdf.attachments
        kept = [str(annotation.Subtype) for annotation in pdf.pages[0].Annots]
        assert kept == ["/Link"] * 5
        assert str(pdf.pages[0].Annots[4].A.S) == "/GoTo"


def test_the_text_of_the_pages_and_what_is_filled_in_stays():
    document = pypdfium2.PdfDocument(clean_pdf(hostile()).data)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert texts[1] == "Stageovereenkomst"
    assert "Stageovereenkomst" in texts[0]
    assert "Bakkerij Bos" in texts[0]


def test_objects_hidden_in_streams_are_disarmed_too():
    pdf = pages()
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), A=pdf.make_indirect(script()))]
    )
    out = BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"/Link" not in out.getvalue()
    result = clean_pdf(out.getvalue()).data
    assert b"/Link" in result
    assert b"/JavaScript" not in result
    assert b"app.alert" not in result


def test_a_photo_inside_loses_its_place():
    exif = Image.Exif()
    exif[0x010E] = "GPS of Jan de Vries"
    photo = BytesIO()
    Image.new("RGB", (20, 20), "navy").save(photo, "JPEG", exif=exif, comment=b"Jan de Vries")
    pdf = pages()
    image = pdf.make_stream(
        photo.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=20,
        Height=20,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    pdf.pages[0].Resources.XObject = Dictionary(Im1=image)
    pdf.pages[0].Contents = pdf.make_stream(b"300 0 0 200 0 0 cm /Im1 Do")
    before = saved(pdf)
    assert b"Jan de Vries" in before
    result = clean_pdf(before).data
    assert b"Jan de Vries" not in result
    document = pypdfium2.PdfDocument(result)
    red, green, blue = document[0].render().to_pil().convert("RGB").getpixel((150, 100))
    document.close()
    assert (red < 10, green < 10, blue > 110) == (True, True, True)


def test_too_many_pages_and_too_many_bytes():
    assert clean_pdf(saved(pages(50))).pages == 50
    with pytest.raises(FileRefused, match="51 pagina's"):
        clean_pdf(saved(pages(51)))
    with pytest.raises(FileRefused, match="15 MB"):
        clean_pdf(b"%PDF-1.7" + b"\0" * (15 * 1024 * 1024))


@pytest.mark.parametrize("password", ["", "geheim"])
def test_protected_files_are_refused(password):
    data = saved(pages(), encryption=pikepdf.Encryption(owner="baas", user=password))
    with pytest.raises(FileRefused, match="wachtwoord"):
        clean_pdf(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"geen pdf",
        b"%PDF-1.7",
        b"%PDF-1.7\n<script>alert(1)</script>",
        saved(pages())[:60],
        saved(Pdf.new()),
    ],
    ids=["empty", "text", "header", "html", "cut", "no pages"],
)
def test_broken_files_are_refused(data):
    with pytest.raises(FileRefused):
        clean_pdf(data)


def test_deep_nesting_does_not_exhaust_the_walk():
    pdf = pages()
    inner = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    for _ in range(300):
        inner = pdf.make_indirect(Dictionary(K=inner))
    pdf.pages[0].obj.Deep = inner
    assert b"app.alert" not in clean_pdf(saved(pdf)).data


def test_upload_takes_a_pdf_by_its_content():
    assert clean_upload(saved(pages()), "scan.jpg").content_type == "application/pdf"
    with pytest.raises(FileRefused):
        clean_upload(saved(pages()), "scan.pdf", allow=("image",))


BOMBS = [
    *("bom.pdf", "bom-gewoon.pdf", "bom-verdeeld.pdf", "bom-in-letters.pdf", "bom-in-reeksen.pdf"),
    *("bom-oud.pdf", "bom-in-lijst.pdf", "bom-in-foto.pdf"),
]


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_unpacks_to_too_much_is_refused_without_unpacking_it(name):
    from tests.hostile.documents import DOCUMENTS  # it takes its own from here

    data = DOCUMENTS[name]()
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused, match="uitgepakt veel te groot|verouderde manier"):
            clean_pdf(data)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 120 * 1024 * 1024


@pytest.mark.parametrize("name", ["bom.pdf", "bom-gewoon.pdf", "bom-verdeeld.pdf"])
def test_counting_holds_no_more_than_a_piece(name):
    from tests.hostile.documents import DOCUMENTS

    data = DOCUMENTS[name]()
    with pikepdf.open(BytesIO(data)) as pdf:
        tracemalloc.start()
        try:
            with pytest.raises(FileRefused):
                refuse_inflated_streams(pdf)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert most < 4 * 1024 * 1024


def test_a_scan_of_many_pages_is_fine():
    """Eight pages of 150 dots per inch, as a scanner packs them: 50 MB unpacked."""
    pdf, dots = pages(8), (1240, 1754)
    for page in pdf.pages:
        image = pdf.make_stream(
            b"",
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=dots[0],
            Height=dots[1],
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
        )
        image.write(zlib.compress(bytes(dots[0] * dots[1] * 3)), filter=Name.FlateDecode)
        page.Resources.XObject = Dictionary(Im1=image)
    assert clean_pdf(saved(pdf)).pages == 8


def test_a_small_file_packed_in_the_old_way_is_fine():
    pdf = pages()
    # Clear, "BT ET", end: codes of nine bits each.
    codes = [256, *b"BT ET", 257]
    bits = "".join(f"{code:09b}" for code in codes)
    packed = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    pdf.pages[0].Contents.write(packed, filter=Name.LZWDecode)
    assert clean_pdf(saved(pdf)).pages == 1
