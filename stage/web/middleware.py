"""What pages answer when somebody else was first, and to what no browser of a person sends."""

from __future__ import annotations

from itertools import chain

from django.core.exceptions import BadRequest

from stage.core.api.errors import concerns_api
from stage.core.who.policies import Conflict
from stage.web.views.errors import conflict

NUL = "\0"


class NoNulMiddleware:
    """Answers 400 to a NUL in an address or a field: PostgreSQL stores none, so a look-up fails.

    The API names the parameter itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if concerns_api(request):
            return
        words = [*args, *kwargs.values()]
        for sent in (request.GET, request.POST):
            words += chain.from_iterable(values for _name, values in sent.lists())
        if any(NUL in str(word) for word in words):
            raise BadRequest("NUL")


class ConflictMiddleware:
    """Turns a Conflict out of any view into a 409 page; its transaction was rolled back already."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return conflict(request, exception) if isinstance(exception, Conflict) else None
