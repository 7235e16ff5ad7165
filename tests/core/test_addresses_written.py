"""An address on a screen: what is known of it, and a postcode that stays on one line."""

import pytest

from stage.core.dutch.addresses import address_line


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (("Dorpsstraat 1", "9711 AC", "Noord"), "Dorpsstraat 1, 9711\N{NO-BREAK SPACE}AC Noord"),
        (("Dorpsstraat 1", "", "Noord"), "Dorpsstraat 1, Noord"),
        (("", "9711 AC", ""), "9711\N{NO-BREAK SPACE}AC"),
        (("", "", ""), ""),
    ],
)
def test_an_address_is_what_is_known_of_it(parts, line):
    assert address_line(*parts) == line
