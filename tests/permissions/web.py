"""Who may open which route of `web`: by hand, see `tests/permissions/__init__.py`."""

from tests.permissions import CAST, Row, web_entrance

LOGGED_IN = tuple(c for c in CAST if c != "anonymous")

ROUTES: dict[str, Row] = {
    **web_entrance.ROUTES,
    "web:home": Row(may=LOGGED_IN),
}
