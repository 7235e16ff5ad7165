"""Who may open the pages of getting in: by hand, see `tests/permissions/__init__.py`."""

from tests.permissions import EVERYBODY, Row

ROUTES: dict[str, Row] = {
    "web:login": Row(may=EVERYBODY),
    "web:link_open": Row(may=EVERYBODY, args=lambda world: ["x"]),
}
