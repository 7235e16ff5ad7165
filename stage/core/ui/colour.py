"""A school's own colour, moved until text on it and in it can be read (WCAG 2.2 AA, 4.5:1)."""

import re
from colorsys import hls_to_rgb, rgb_to_hls

AA = 4.6  # a little over 4.5, since colours are rounded to whole steps
LIGHT_GROUND, DARK_GROUND = "#f2eee5", "#262b27"
LIGHT_INK, DARK_INK = "#ffffff", "#10130f"
HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def _parts(colour: str) -> tuple[float, float, float]:
    if not HEX.fullmatch(colour):
        raise ValueError(f"Not a colour like #0b5a41: {colour!r}")
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance between 0 and 1, as WCAG defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio between 1 and 21. Raises ValueError for what is not #rrggbb."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _at_lightness(colour: str, lightness: float) -> str:
    hue, _lightness, saturation = rgb_to_hls(*_parts(colour))
    rgb = hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(c * 255):02x}" for c in rgb)


def readable(colour: str, ground: str, *, darker: bool) -> str:
    """The nearest lightness of `colour` with AA contrast on `ground`, going darker or lighter."""
    start = round(rgb_to_hls(*_parts(colour))[1] * 100)
    steps = range(start, -1, -1) if darker else range(start, 101)
    for step in steps:
        found = _at_lightness(colour, step / 100)
        if contrast(found, ground) >= AA:
            return found
    return "#000000" if darker else "#ffffff"


def school_css(colour: str) -> str:
    """A stylesheet that puts a school's colour in place of ours, light and dark.

    Serve it from a URL of its own and put that in site.stylesheet. Raises ValueError when the
    colour is not #rrggbb, so nothing else can get into the sheet.
    """
    light = readable(colour, LIGHT_GROUND, darker=True)
    dark = readable(colour, DARK_GROUND, darker=False)
    strong = readable(
        _at_lightness(light, max(rgb_to_hls(*_parts(light))[1] - 0.08, 0)),
        LIGHT_GROUND,
        darker=True,
    )
    rules = {
        "brand": f"light-dark({light}, {dark})",
        "brand-strong": f"light-dark({strong}, {dark})",
        "on-brand": f"light-dark({LIGHT_INK}, {DARK_INK})",
        "brand-text": f"light-dark({light}, {dark})",
        "brand-soft": "var(--hover)",
    }
    body = " ".join(f"--{name}: {value};" for name, value in rules.items())
    return f"@layer tokens {{ :root {{ {body} }} }}\n"
