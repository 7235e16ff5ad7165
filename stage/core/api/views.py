"""The two shapes of endpoint: a list in pages, and one thing by its code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import Exists, Q
from django.utils.translation import gettext as _
from rest_framework import generics, serializers
from rest_framework.pagination import PageNumberPagination

from stage.core.api.fields import WholeNumber
from stage.core.who.access import Access
from stage.core.who.actors import Actor


class ListQuery(serializers.Serializer):
    """The parameters of a list. What is not declared is refused, so that no typo widens a list."""

    page = WholeNumber(min_value=1, max_value=100_000, default=1)
    page_size = WholeNumber(min_value=1, max_value=100, default=50)

    @classmethod
    def read(cls, request) -> dict:
        """The values of a request; raises ValidationError, a 400 with a message per parameter."""
        query = cls(data=request.query_params.dict())
        unknown = set(request.query_params) - set(query.fields)
        if unknown:
            message = _("Deze parameter is er niet.")
            raise serializers.ValidationError({name: [message] for name in sorted(unknown)})
        query.is_valid(raise_exception=True)
        return query.validated_data


class Pages(PageNumberPagination):
    """Pages of the size the query asked for; a page that is not there is a 404."""

    def get_page_size(self, request) -> int:
        return request.parser_context["view"].values["page_size"]

    def get_schema_operation_parameters(self, view) -> list:
        return []  # they are fields of the view's query

    def get_paginated_response_schema(self, schema) -> dict:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "properties": {
                "count": {"type": "integer", "minimum": 0},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }


class Endpoint:
    """What every endpoint says of itself; `summary` and `description` are for people."""

    access: Access
    summary: Any = ""
    description: Any = ""
    request: Any

    @property
    def actor(self) -> Actor:
        """Who asks: `ActorAuthentication` puts it where Django has its user."""
        return self.request.user


Condition = Callable[[Actor, Any], Q | Exists]


def equals(lookup: str) -> Condition:
    """Rows whose field is what the parameter says; `period__public_id` for the code of one."""
    return lambda _actor, value: Q(**{lookup: value})


class ApiList(Endpoint, generics.ListAPIView):
    """Rows visible to the actor, filtered by `query`, in one fixed order.

    `conditions` says per parameter of `query` which rows it leaves; what needs more overrides
    `filtered`.
    """

    query: type[ListQuery] = ListQuery
    conditions: ClassVar[Mapping[str, Condition]] = {}
    pagination_class = Pages
    values: dict

    def filter_queryset(self, queryset):
        return self.filtered(queryset, self.values)

    def filtered(self, rows, values: dict):
        """The rows the parameters ask for."""
        for name, condition in self.conditions.items():
            if name in values:
                rows = rows.filter(condition(self.actor, values[name]))
        return rows

    def list(self, request, *args, **kwargs):
        self.values = self.query.read(request)
        return super().list(request, *args, **kwargs)


class NoQuery(ListQuery):
    """One thing has no parameters."""

    page = None  # type: ignore[assignment]
    page_size = None  # type: ignore[assignment]


class ApiDetail(Endpoint, generics.RetrieveAPIView):
    """One row visible to the actor, by its code; `saw` records that it was looked at."""

    lookup_field = "public_id"
    lookup_url_kwarg = "code"

    def get_object(self):
        NoQuery.read(self.request)
        found = super().get_object()
        self.saw(found)
        return found

    def saw(self, row) -> None:
        """Record the look where the audit trail wants it."""
