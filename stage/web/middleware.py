"""What pages answer when somebody else was first."""

from __future__ import annotations

from stage.core.policies import Conflict
from stage.web.views.errors import conflict


class ConflictMiddleware:
    """Turns a Conflict out of any view into a 409 page; its transaction was rolled back already."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return conflict(request, exception) if isinstance(exception, Conflict) else None
