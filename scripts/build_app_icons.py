"""Rebuild static/icons/*.png and static/favicon.ico from static/favicon.svg, with Chromium.

Usage: .venv/bin/python scripts/build_app_icons.py      (after scripts/environment.sh e2e)
"""

import io
import re
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

STATIC = Path(__file__).resolve().parent.parent / "static"
# Colours in the file: the sign has two, the others are the steps between them at its edges.
COLOURS = 32
# A phone may cut a maskable icon to a circle of 80 %: the sign stands within, the ground goes on.
SIGN_WITHIN_MASK = 0.72


def whole_ground(svg: str, scale: float) -> str:
    """The sign on a ground without round corners, drawn at `scale` of its size."""
    flat = re.sub(r' rx="\d+"', "", svg)
    around = f'<g transform="translate(16 16) scale({scale}) translate(-16 -16)">'
    return re.sub(r"(<rect[^>]*/>)(.*)</svg>", rf"\1{around}\2</g></svg>", flat)


def render(page: Page, svg: str, size: int) -> Image.Image:
    """The drawing as a picture of `size` by `size` pixels."""
    page.set_viewport_size({"width": size, "height": size})
    sized = svg.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
    page.set_content(f"<body style='margin:0;line-height:0'>{sized}")
    return Image.open(io.BytesIO(page.screenshot(omit_background=True)))


def main() -> None:
    svg = (STATIC / "favicon.svg").read_text().strip()
    # iOS rounds the corners itself and paints what is see-through black.
    apple, masked = whole_ground(svg, 1), whole_ground(svg, SIGN_WITHIN_MASK)
    pictures = {
        "app-192": (svg, 192),
        "app-512": (svg, 512),
        "app-maskable-192": (masked, 192),
        "app-maskable-512": (masked, 512),
        "app-180": (apple, 180),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        for name, (drawing, size) in pictures.items():
            few = render(page, drawing, size).quantize(COLOURS, Image.Quantize.FASTOCTREE)
            few.save(STATIC / "icons" / f"{name}.png", optimize=True)
        largest = render(page, svg, 48)
        largest.save(STATIC / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
        browser.close()


if __name__ == "__main__":
    main()
