"""Pictures: name -> how to make its bytes; `SECRETS` must be in nothing that is kept."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageCms

from tests.core.test_media import phone_photo, picture, png_header, zip_file

SCRIPT = b"<script>alert(1)</script>"
SECRETS = (SCRIPT, b"alert(", b"<svg", b"Jan de Vries", b"GPS", b"Exif", b"ICC_PROFILE", b"<?php")


def gif_and_javascript() -> bytes:
    """A GIF by its first bytes, a script to a browser that guesses."""
    return b"GIF89a/*\x00" + picture("GIF")[8:] + b"*/=1;alert(1)//"


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (320, 240), c) for c in ("red", "green", "blue")]
    out = BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def with_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture(icc_profile=profile)


def real_bomb() -> bytes:
    """A whole PNG of 400 megapixels in a few hundred kB: 1.2 GB once unpacked."""
    side, packer = 20_000, zlib.compressobj(9)
    lines = b"\0" * (side * 3 + 1) * 100
    packed = b"".join(packer.compress(lines) for _ in range(side // 100)) + packer.flush()
    return _png(side, side, packed)


def _png(width: int, height: int, packed: bytes) -> bytes:
    head = png_header(width, height)
    at = head.index(b"IDAT") - 4
    body = b"IDAT" + packed
    crc = zlib.crc32(body).to_bytes(4, "big")
    end = head[head.index(b"IEND") - 4 :]
    return head[:at] + len(packed).to_bytes(4, "big") + body + crc + end


def comment_bomb() -> bytes:
    """A PNG with a text chunk that unpacks to 200 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"A" * 1_000_000) for _ in range(200)) + packer.flush()
    body = b"zTXtComment\0\0" + packed
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    whole = picture("PNG")
    return whole[:33] + chunk + whole[33:]


PICTURES: dict[str, Callable[[], bytes]] = {
    "telefoon.jpg": phone_photo,
    "bom.png": lambda: png_header(20_000, 20_000),
    "echte-bom.png": real_bomb,
    "bom-in-tekst.png": comment_bomb,
    "bijna-te-groot.png": lambda: picture("PNG", (5000, 5000)),
    "bijna-te-groot.webp": lambda: picture("WEBP", (4000, 4000)),
    "te-groot.webp": lambda: picture("WEBP", (5000, 5000)),
    "doorzichtig.png": lambda: picture("PNG", (5000, 5000), mode="RGBA"),
    "gif-en-script.gif": gif_and_javascript,
    "gif-en-script.jpg": gif_and_javascript,
    "jpeg-en-html.jpg": lambda: picture() + SCRIPT,
    "jpeg-en-zip.jpg": lambda: picture() + zip_file(),
    "png-en-php.png": lambda: picture("PNG") + b"<?php system($_GET[0]); ?>",
    "commentaar.jpg": lambda: picture(comment=SCRIPT),
    "tekening.png": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "tekening.svg": lambda: b'<?xml version="1.0"?><svg><script>alert(1)</script></svg>',
    "half.jpg": lambda: phone_photo()[:-900],
    "half.png": lambda: picture("PNG")[:200],
    "streep.png": lambda: picture("PNG", (1, 65535)),
    "streep.jpg": lambda: picture(size=(65500, 1)),
    "punt.png": lambda: picture("PNG", (1, 1)),
    "drukwerk.jpg": lambda: picture(mode="CMYK"),
    "bewegend.gif": lambda: animated("GIF"),
    "bewegend.png": lambda: animated("PNG"),
    "bewegend.webp": lambda: animated("WEBP"),
    "profiel.jpg": with_profile,
    "zestien-bit.png": lambda: picture("PNG", mode="I;16"),
    "leeg.jpg": lambda: b"",
    "nullen.jpg": lambda: b"\xff\xd8\xff" + b"\0" * 100_000,
    "zwaar.jpg": lambda: b"\xff\xd8\xff" + b"\xfe\xff\xff" * 4_500_000,
    "pagina.jpg": lambda: b"<html>" + SCRIPT,
    "iphone.heic": lambda: b"\0\0\0\x18ftypheic" + b"\0" * 100,
    "programma.jpg": lambda: b"MZ" + b"\0" * 1000,
}
