"""Uploaded images: decoded and made anew, so that nothing but the picture is kept."""

import warnings
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from stage.core.files.media.base import (
    CleanFile,
    FileRefused,
    clean_file,
    heif_message,
    kind_of,
    wrong_kind,
)

MAX_IMAGE_BYTES = 12 * 1024 * 1024
# The default of the newest phones is 24.5 megapixels; decoding costs 4 bytes a pixel.
MAX_PIXELS = 25_000_000
# Its decoder keeps four whole copies; no phone makes photos in this form.
MAX_WEBP_PIXELS = 16_000_000
MAX_SIDE = 2000
THUMBNAIL_SIDE = 480
JPEG_QUALITY = 85
# Other kinds of pixel shrink badly, and take fewer bytes.
SHRINKABLE = ("RGB", "RGBA", "L", "LA", "CMYK", "YCbCr")


def clean_image(data: bytes, max_side: int = MAX_SIDE) -> CleanFile:
    """The picture of a JPEG, PNG or WEBP file, upright, at most `max_side` pixels wide and high.

    The result is a new JPEG, or a PNG where the picture is see-through (a logo, a drawn
    signature). Nothing else of the file stays: no place, date, name, comment, colour profile.
    Raises `FileRefused`.
    """
    if len(data) > MAX_IMAGE_BYTES:
        message = _("Deze foto is groter dan 12 MB. Kies een kleinere foto.")
        raise FileRefused(message)
    if kind_of(data) == "heif":
        raise FileRefused(heif_message())
    if kind_of(data) != "image":
        raise FileRefused(wrong_kind(data, "", ("image",)))
    picture = _decode(data, max_side)
    out = BytesIO()
    if picture.mode == "RGBA":
        picture.save(out, "PNG", optimize=True)
    else:
        picture.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    content_type = "image/png" if picture.mode == "RGBA" else "image/jpeg"
    return clean_file(out.getvalue(), content_type, picture.width, picture.height)


def thumbnail(data: bytes) -> CleanFile:
    """A small copy of an image for lists, 480 pixels at most. Raises `FileRefused`."""
    return clean_image(data, max_side=THUMBNAIL_SIDE)


def tiny(data: bytes, side: int = 64, most: int = 600) -> bytes:
    """The middle square of an image as WebP, so small that a page can hold it. `most`: bytes.

    Raises `FileRefused`.
    """
    picture = ImageOps.fit(_decode(data, 4 * side).convert("RGB"), (side, side))
    made = b""
    for quality in (70, 50, 35, 20, 10, 1):
        out = BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        made = out.getvalue()
        if len(made) <= most:
            break
    return made


def _decode(data: bytes, max_side: int) -> Image.Image:
    """A new picture without anything of the file it came from."""
    # WeasyPrint switches this on for the whole process: half a photo would pass as a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            # Pillow warns of bombs and of broken EXIF; the size is checked below, EXIF is dropped.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:
                most = MAX_WEBP_PIXELS if image.format == "WEBP" else MAX_PIXELS
                if image.width * image.height > most:
                    raise FileRefused(_too_many_pixels(most))
                image.draft("RGB", (max_side, max_side))
                image.load()
                mode = "RGBA" if image.has_transparency_data else "RGB"
                # Made small first, in place: each whole copy of a large photo costs 100 MB.
                if image.mode in SHRINKABLE:
                    image.thumbnail((max_side, max_side))
                picture = _upright(image).convert(mode)
                picture.thumbnail((max_side, max_side))
    except Image.DecompressionBombError:
        raise FileRefused(_too_many_pixels()) from None
    except FileRefused:
        raise
    except Exception as error:
        # Decoders of hostile bytes raise nearly anything; whatever it is, the file is no good.
        message = _("Deze foto is beschadigd. Maak of kies een andere foto.")
        raise FileRefused(message) from error
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    return fresh


def _upright(image: Image.Image) -> Image.Image:
    """The image turned as its EXIF says; EXIF that cannot be read turns nothing."""
    try:
        return ImageOps.exif_transpose(image) or image
    except Exception:
        return image


def _too_many_pixels(most: int = MAX_PIXELS) -> str:
    message = _(
        "Deze foto heeft te veel beeldpunten. Kies een foto van hoogstens %(most)s megapixel."
    )
    return message % {"most": most // 1_000_000}
