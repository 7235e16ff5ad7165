"""Uploads: a generated corpus of hostile files, and what is left of the harmless ones."""

import struct
import warnings
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageFile

from stage.core.files import media
from stage.core.files.media import (
    FileRefused,
    clean_image,
    clean_upload,
    download_name,
    thumbnail,
)

SECRETS = [b"Exif", b"GPS", b"ns.adobe.com", b"Jan de Vries", b"<script", b"<?php", b"PK\x03\x04"]


def picture(kind="JPEG", size=(640, 480), mode="RGB", **options):
    image = Image.new(mode, size, "orange")
    image.paste("navy", (0, 0, size[0] // 2, size[1] // 2))
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def phone_photo():
    exif = Image.Exif()
    exif[0x010E] = "Jan de Vries"
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (52.0, 2.0, 0.0), 3: "E", 4: (5.0, 39.0, 0.0)}
    xmp = b'<x:xmpmeta xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,2N"/>'
    return picture(exif=exif, xmp=xmp, comment=b"Jan de Vries")


def png_header(width, height):
    """A PNG that promises a size and holds next to nothing: a bomb."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def zip_file():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.html", "<script>alert(1)</script>")
    return out.getvalue()


def assert_only_a_picture(result):
    assert not any(secret in result.data for secret in SECRETS)
    with Image.open(BytesIO(result.data)) as image:
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "comment", "icc_profile", "XML:com.adobe.xmp"} & set(image.info)
        assert image.size == (result.width, result.height)


def test_phone_photo_loses_place_and_name_and_stays_upright():
    data = phone_photo()
    assert all(secret in data for secret in (b"Exif", b"ns.adobe.com", b"Jan de Vries"))
    result = clean_image(data)
    assert result.content_type == "image/jpeg"
    assert (result.width, result.height) == (480, 640)
    assert_only_a_picture(result)
    with Image.open(BytesIO(result.data)) as image:
        # Orientation 6 turns the dark corner from top left to top right.
        red, _green, blue = image.getpixel((470, 10))
        assert blue > red
        red, _green, blue = image.getpixel((10, 10))
        assert red > blue


@pytest.mark.parametrize(
    "tail",
    [b"<html><script>alert(1)</script>", b"<?php system($_GET[0]); ?>", zip_file()],
    ids=["html", "php", "zip"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_polyglots_lose_their_second_life(kind, tail):
    assert_only_a_picture(clean_image(picture(kind) + tail))
    if kind == "JPEG":
        assert_only_a_picture(clean_image(picture(kind, comment=tail)))


@pytest.mark.parametrize(
    "data",
    [
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        b"<?php system($_GET[0]); ?>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        zip_file(),
        b"%PDF-1.7\n",
        b"",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0" + b"\0" * 500,
        b"RIFF\x10\0\0\0WEBPVP8 ",
        picture()[:3000],
        picture("PNG")[:200],
        png_header(20_000, 20_000),
        png_header(6000, 5000),
        png_header(2_000_000_000, 2_000_000_000),
        png_header(0, 0),
        png_header(300, 300),
        picture() + b"\0" * (12 * 1024 * 1024),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    ],
    ids=lambda data: f"{data[:8]!r}-{len(data)}",
)
def test_hostile_files_named_jpg_are_refused_with_an_explanation(data):
    with pytest.raises(FileRefused) as refusal:
        clean_upload(data, "foto.jpg", allow=("image",))
    assert refusal.value.message
    with pytest.raises(FileRefused):
        clean_image(data)


def test_refusals_say_how_to_mend():
    def message(data, name="x", allow=("image", "pdf")):
        with pytest.raises(FileRefused) as refusal:
            clean_upload(data, name, allow)
        return refusal.value.message

    assert "Meest compatibel" in message(b"\0\0\0\x18ftypheic")
    assert "PDF" in message(zip_file(), "contract.docx")
    assert message(b"") == "Dit bestand is leeg. Kies het opnieuw."
    assert "JPG" in message(b"%PDF-1.7", allow=("image",))
    assert "geen PDF" in message(picture(), allow=("pdf",))
    assert "25 megapixel" in message(png_header(20_000, 20_000))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_half_a_photo_is_refused_also_when_a_library_allows_it(kind, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = picture(kind)
    with pytest.raises(FileRefused, match="beschadigd"):
        clean_image(data[: len(data) * 2 // 3])


def test_bombs_raise_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(FileRefused):
            clean_image(png_header(12_000, 10_000))


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB", "1"])
def test_colour_modes_become_a_jpeg(mode):
    kind = "PNG" if mode == "1" else "JPEG"
    image = Image.new(mode, (50, 40))
    out = BytesIO()
    image.save(out, kind)
    result = clean_image(out.getvalue())
    assert (result.content_type, result.width, result.height) == ("image/jpeg", 50, 40)
    assert_only_a_picture(result)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_drawn_signature_stays_see_through(kind):
    drawn = Image.new("RGBA", (60, 20), (0, 0, 0, 0))
    drawn.paste("navy", (5, 5, 50, 8))
    out = BytesIO()
    drawn.save(out, kind)
    result = clean_image(out.getvalue())
    assert result.content_type == "image/png"
    with Image.open(BytesIO(result.data)) as image:
        assert image.getpixel((0, 0))[3] == 0
        assert image.getpixel((20, 6))[3] == 255
    assert_only_a_picture(result)


def test_double_picture_of_a_phone_keeps_the_first():
    out = BytesIO()
    extra = Image.new("RGB", (80, 60), "red")
    Image.new("RGB", (80, 60), "white").save(
        out, "MPO", save_all=True, append_images=[extra], exif=b"Exif\0\0"
    )
    result = clean_image(out.getvalue())
    assert (result.content_type, result.width) == ("image/jpeg", 80)
    assert_only_a_picture(result)


def test_large_pictures_shrink_and_the_fingerprint_is_of_the_result():
    result = clean_image(picture(size=(4000, 3000)))
    assert (result.width, result.height) == (2000, 1500)
    assert result.sha256 == clean_image(picture(size=(4000, 3000))).sha256
    assert result.sha256 != clean_image(picture(size=(400, 300))).sha256
    small = thumbnail(result.data)
    assert (small.width, small.height) == (480, 360)
    assert clean_image(picture(size=(20, 10))).width == 20


def test_content_decides_not_the_name():
    assert clean_upload(picture("PNG"), "contract.pdf").content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("foto.php", "foto.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\Jan\\mijn foto.JPEG", "mijn foto.jpg"),
        ('a";\r\nX: y.jpg', "a_X_ y.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("", "bestand.jpg"),
        ("é" * 200 + ".jpg", "é" * 80 + ".jpg"),
    ],
)
def test_download_names(name, clean):
    assert download_name(name, "image/jpeg") == clean


def test_public_names():
    assert set(media.__all__) >= {"clean_image", "clean_pdf", "clean_upload", "FileRefused"}
