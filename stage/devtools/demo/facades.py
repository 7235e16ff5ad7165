"""Drawn pictures of companies: a street with a front in it, of nobody's business."""

from __future__ import annotations

from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 540
WALLS = ((176, 92, 70), (198, 168, 122), (122, 134, 128), (92, 110, 140), (214, 204, 186))
AWNINGS = ((170, 44, 40), (38, 96, 74), (36, 78, 132), (206, 146, 36), (104, 60, 120))


def facade(number: int) -> SimpleUploadedFile:
    """The front of the company with this number; always the same one."""
    rng = Random(number)  # noqa: S311 - a drawing
    image = Image.new("RGB", (WIDTH, HEIGHT), (196, 218, 232))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 440, WIDTH, HEIGHT), fill=(150, 146, 138))
    draw.rectangle((0, 440, WIDTH, 452), fill=(190, 186, 176))
    wall, awning = rng.choice(WALLS), rng.choice(AWNINGS)
    draw.rectangle((130, 90, 830, 440), fill=wall)
    draw.polygon(((100, 96), (480, rng.randint(0, 60)), (860, 96)), fill=_darker(wall))
    for left in (180, 360, 620):
        draw.rectangle((left, 130, left + 110, 210), fill=(228, 236, 238))
        draw.line((left + 55, 130, left + 55, 210), fill=_darker(wall), width=6)
    door = rng.choice((190, 440, 690))
    draw.rectangle((180, 280, 780, 440), fill=(70, 92, 104))
    draw.rectangle((door, 270, door + 90, 440), fill=_darker(awning))
    for n, left in enumerate(range(160, 800, 40)):
        draw.rectangle((left, 240, left + 40, 286), fill=awning if n % 2 else (240, 236, 226))
    for _ in range(3):
        left = rng.randint(150, 780)
        draw.ellipse((left, 400, left + 44, 452), fill=(58, 104, 58))
    image.thumbnail((WIDTH // 2, HEIGHT // 2))
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return SimpleUploadedFile("gevel.jpg", out.getvalue(), content_type="image/jpeg")


def _darker(colour: tuple[int, int, int]) -> tuple[int, ...]:
    return tuple(part * 2 // 3 for part in colour)
