"""Who may open which route of `web`: by hand, see `tests/permissions/__init__.py`."""

from tests.permissions import CAST, EVERYBODY, Row

LOGGED_IN = tuple(c for c in CAST if c != "anonymous")

ROUTES: dict[str, Row] = {
    "web:home": Row(may=LOGGED_IN),
    "web:login": Row(may=EVERYBODY),
    "web:link_open": Row(may=EVERYBODY, args=lambda world: ["x"]),
}
