"""Who may open which route of the agreements: by hand, see `tests/permissions/__init__.py`."""

from tests.permissions import Row

ROUTES: dict[str, Row] = {}
