"""Who may open which route of `attendance`: by hand, see `tests/permissions/__init__.py`."""

from tests.permissions import Row

ROUTES: dict[str, Row] = {}
