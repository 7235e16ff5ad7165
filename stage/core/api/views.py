"""The two shapes of endpoint: a list in pages, and one thing by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import generics, serializers
from rest_framework.pagination import PageNumberPagination

from stage.core.api.fields import WholeNumber, parameter_of
from stage.core.ui.filters import Filters
from stage.core.ui.paging import PER_PAGE_OF_API, LatePaginator
from stage.core.who.access import Access
from stage.core.who.actors import Actor


class ListQuery(serializers.Serializer):
    """The parameters of a list. What is not declared is refused, so that no typo widens a list."""

    page = WholeNumber(min_value=1, max_value=100_000, default=1)
    page_size = WholeNumber(min_value=1, max_value=100, default=PER_PAGE_OF_API)

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

    @classmethod
    def of(cls, filters: type[Filters], names: Mapping[str, str]) -> type[ListQuery]:
        """The parameters of a list whose filters stand in a form; `names`: parameter -> field."""
        fields = {name: parameter_of(filters.base_fields[names[name]]) for name in names}
        return type(f"{filters.__name__}Query", (cls,), {**fields, "__doc__": filters.__doc__})


class Pages(PageNumberPagination):
    """Pages of the size the query asked for; a page that is not there is a 404."""

    django_paginator_class = LatePaginator

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


class ApiList(Endpoint, generics.ListAPIView):
    """Rows visible to the actor, narrowed by the filters of the same list's page, in one order.

    `parameters` says which fields of `filters` the API knows, by its own names; from them it
    declares its query. A code or class of nobody the actor sees finds nothing.
    """

    filters: type[Filters] = Filters
    parameters: ClassVar[Mapping[str, str]] = {}
    query: type[ListQuery] = ListQuery
    pagination_class = Pages
    values: dict

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.query = ListQuery.of(cls.filters, cls.parameters)

    def filter_queryset(self, queryset):
        return self.filtered(queryset, self.values)

    def filtered(self, rows, values: dict):
        """The rows the parameters ask for."""
        sent = {field: str(values[n]) for n, field in self.parameters.items() if n in values}
        form = self.filters(sent, actor=self.actor)
        return form.narrow(rows) if form.is_valid() else rows.none()

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
