"""A school's own colour stays readable, whatever it is."""

import re

import pytest

from stage.core.ui.colour import (
    DARK_GROUND,
    DARK_INK,
    LIGHT_GROUND,
    LIGHT_INK,
    contrast,
    school_css,
)

COLOURS = ["#000000", "#ffffff", "#ffee00", "#0b5a41", "#ff0000", "#7fb2ff", "#888888", "#12005E"]


def test_contrast_of_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("colour", COLOURS)
def test_school_colour_has_enough_contrast_in_both_themes(colour):
    css = school_css(colour)
    pairs = re.findall(r"--(brand\S*): light-dark\((#\w+), (#\w+)\)", css)
    assert {name for name, _light, _dark in pairs} >= {"brand", "brand-text", "brand-strong"}
    for _name, light, dark in pairs:
        assert contrast(light, LIGHT_GROUND) >= 4.5
        assert contrast(LIGHT_INK, light) >= 4.5
        assert contrast(dark, DARK_GROUND) >= 4.5
        assert contrast(DARK_INK, dark) >= 4.5


@pytest.mark.parametrize("text", ["", "red", "#fff", "#0b5a41;}body{}", "#0b5a41\n"])
def test_anything_but_a_colour_is_refused(text):
    with pytest.raises(ValueError):
        school_css(text)
