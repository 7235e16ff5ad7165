"""Rebuild static/fonts from the npm package @fontsource-variable/atkinson-hyperlegible-next (OFL).

Usage: npm pack @fontsource-variable/atkinson-hyperlegible-next; tar xzf *.tgz;
       .venv/bin/python scripts/build_fonts.py package
Only the weights the styles use are kept (400 to 700), and no hints: every byte of the first file
stands between a phone on a bad network and its page. The zero of this font has a stroke through it,
which people read as the letter Ø, and no feature that takes it away: it gets one open counter.
"""

import sys
from math import radians, tan
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPointPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
WEIGHTS = (400, 700)
FILES = {
    "latin-wght-normal": "latin-normal",
    "latin-ext-wght-normal": "latin-ext-normal",
    "latin-wght-italic": "latin-italic",
}


def _counter(outer: list, halves: list, slant: float) -> list:
    """One contour that encloses both halves: the outer one made smaller, the other way round."""
    upright = lambda points: [(x - slant * y, y) for x, y in points]  # noqa: E731
    box = lambda points: [f(p[i] for p in points) for i in (0, 1) for f in (min, max)]  # noqa: E731
    old, new = box(upright(outer)), box(upright(halves))
    inside = []
    for x, y in upright(outer):
        u = new[0] + (x - old[0]) * (new[1] - new[0]) / (old[1] - old[0])
        v = new[2] + (y - old[2]) * (new[3] - new[2]) / (old[3] - old[2])
        inside.append((round(u + slant * v), round(v)))
    # Begins with the point it began with, so that both weights keep their order.
    return [inside[0], *reversed(inside[1:])]


def _plain(font: TTFont) -> tuple[list, list]:
    """Points of a zero without a stroke, and whether each is on the curve, in one weight."""
    glyph = font["glyf"]["zero"]
    points, ends, flags = glyph.getCoordinates(font["glyf"])
    n = ends[0] + 1
    outer = list(points[:n])
    slant = tan(radians(-font["post"].italicAngle))
    return [*outer, *_counter(outer, list(points[n:]), slant)], [
        *flags[:n],
        flags[0],
        *reversed(flags[1:n]),
    ]


def plain_zero(font: TTFont) -> None:
    """Take the stroke out of the zero, in every weight; figures of one width are made of it."""
    light, bold = (instancer.instantiateVariableFont(font, {"wght": weight}) for weight in WEIGHTS)
    (points, flags), (heavy, _) = _plain(light), _plain(bold)
    half = len(points) // 2
    pen = TTGlyphPointPen(None)
    for part in (slice(0, half), slice(half, None)):
        pen.beginPath()
        for point, flag in zip(points[part], flags[part], strict=True):
            pen.addPoint(point, "qcurve" if flag & 1 else None)
        pen.endPath()
    font["glyf"]["zero"] = pen.glyph()
    wider = bold["hmtx"]["zero"][0] - light["hmtx"]["zero"][0]
    deltas = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, heavy, strict=True)]
    deltas += [(0, 0), (wider, 0), (0, 0), (0, 0)]
    font["gvar"].variations["zero"] = [TupleVariation({"wght": (0.0, 1.0, 1.0)}, deltas)]


def smaller(source: Path, target: Path) -> None:
    """Write the font with fewer weights and without what a browser does not read."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.notdef_outline = True
    options.flavor = "woff2"
    font = TTFont(source)
    instancer.instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    if "zero" in font.getGlyphOrder():
        plain_zero(font)
    # Through a file: the tables that were narrowed are read anew by the subsetter.
    font.flavor = None
    part = target.with_suffix(".part")
    font.save(part)
    font = subset.load_font(part, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    subset.save_font(font, target, options)
    part.unlink()


def main(package: str) -> None:
    for name, ours in FILES.items():
        source = Path(package) / "files" / f"atkinson-hyperlegible-next-{name}.woff2"
        target = TARGET / f"atkinson-hyperlegible-next-{ours}.woff2"
        smaller(source, target)
        sys.stdout.write(f"{target.name}: {source.stat().st_size} -> {target.stat().st_size}\n")


if __name__ == "__main__":
    main(sys.argv[1])
