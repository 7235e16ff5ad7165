"""What a page leaves out is left out: no blank line or cell where there is nothing to say.

The styles hide an empty lead and an empty cell of a list on a phone; an element that holds white
space alone is not empty to them, and stands there as a gap with a heading.
"""

from __future__ import annotations

import pytest
from lxml import html as pages

from tests.permissions.table import TABLE
from tests.test_addresses import opened
from tests.test_permissions import ask

HIDDEN_WHEN_EMPTY = (
    "//table[contains(@class, 'cards')]/tbody//td | //*[@class='lead'] | //*[@class='asked-by']"
)


@pytest.mark.sweep
@pytest.mark.django_db
def test_no_page_has_a_gap_where_there_is_nothing(baited):
    found, seen = {}, 0
    for name, row in TABLE.items():
        if "GET" not in row.methods:
            continue
        with opened(baited, name) as (client, address, _args):
            response = ask(client, "GET", address, {})
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        parts = pages.fromstring(response.content).xpath(HIDDEN_WHEN_EMPTY)
        seen += len(parts)
        gaps = [p for p in parts if p.text and not (len(p) or p.text_content().strip())]
        if gaps:
            found[name] = [pages.tostring(gap, encoding="unicode")[:120] for gap in gaps]
    assert found == {}
    assert seen > 200
