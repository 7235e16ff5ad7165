"""The letters we ship: a zero is a zero, in text, in tables and in slanted words."""

import pytest
from fontTools.ttLib import TTFont

from tests.test_consistency import ROOT

FILES = [
    "atkinson-hyperlegible-next-latin-normal.woff2",
    "atkinson-hyperlegible-next-latin-italic.woff2",
]


def contours(font: TTFont, name: str) -> int:
    """How many lines a glyph is drawn with, those of its parts included."""
    glyph = font["glyf"][name]
    if glyph.isComposite():
        return sum(contours(font, part.glyphName) for part in glyph.components)
    return glyph.numberOfContours


def of_one_width(font: TTFont) -> str:
    """The zero that tables use."""
    table = font["GSUB"].table
    record = next(r for r in table.FeatureList.FeatureRecord if r.FeatureTag == "tnum")
    (lookup,) = record.Feature.LookupListIndex
    return table.LookupList.Lookup[lookup].SubTable[0].mapping["zero"]


@pytest.mark.parametrize("name", FILES)
def test_the_zero_has_no_stroke_through_it(name):
    font = TTFont(ROOT / "static" / "fonts" / name)
    assert contours(font, "Oslash") == 3
    assert contours(font, font.getBestCmap()[ord("0")]) == 2
    assert contours(font, of_one_width(font)) == 2
