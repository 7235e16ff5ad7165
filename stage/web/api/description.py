"""The description of the API: the OpenAPI file, and the same as a page to read."""

from __future__ import annotations

from functools import cache

from django.shortcuts import render
from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from rest_framework.response import Response
from rest_framework.views import APIView

from stage.core.enums import Audience
from stage.core.ui.paging import PER_PAGE_OF_API
from stage.core.who.access import allow, public

WHY_PUBLIC = "describes the interface to whoever builds on it; holds nobody's data"


@cache
def description(language: str) -> dict:
    """The OpenAPI description; the same for everybody, so made once per process."""
    with override(language):
        return SchemaGenerator(api_version="1").get_schema(request=None, public=True)


@public(WHY_PUBLIC)
class SchemaShow(APIView):
    """The OpenAPI file."""

    schema = None  # the description does not describe itself

    def get(self, request):
        return Response(description(get_language() or "nl"))


@allow(Audience.COORDINATOR, Audience.TEACHER)
def api_read(request):
    """The description as a page: addresses, parameters, fields."""
    found = description(get_language() or "nl")
    context = {
        "operations": [_operation(found, address, op) for address, op in _gets(found)],
        "page_size": PER_PAGE_OF_API,
    }
    return render(request, "web/api_read.html", context)


def _gets(found: dict):
    return [(address, item["get"]) for address, item in found["paths"].items()]


def _operation(found: dict, address: str, operation: dict) -> dict:
    parameters = [p for p in operation.get("parameters", []) if p["in"] == "query"]
    body = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "address": address,
        "summary": operation["summary"],
        "description": operation["description"],
        "parameters": [p["name"] for p in parameters],
        "fields": _fields(found, body),
    }


def _fields(found: dict, schema: dict, before: str = "") -> list[str]:
    """Names of all fields, those within another with its name before it."""
    schema = _resolved(found, schema)
    if not before and "results" in schema.get("properties", {}):
        schema = _resolved(found, schema["properties"]["results"])
    if "items" in schema:
        schema = _resolved(found, schema["items"])
    names = []
    for name, part in schema.get("properties", {}).items():
        inner = _fields(found, part, f"{before}{name}.")
        names += inner or [f"{before}{name}"]
    return names


def _resolved(found: dict, schema: dict) -> dict:
    """The schema itself where it is a reference, alone or as one of two with null."""
    for choice in (*schema.get("oneOf", ()), *schema.get("allOf", ()), *schema.get("anyOf", ())):
        if "$ref" in choice:
            schema = choice
    if "$ref" in schema:
        return found["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
