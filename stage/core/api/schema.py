"""The description of the API (OpenAPI 3.1), made from the views themselves."""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from stage.core.api.errors import CONTENT_TYPE, words_of

PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["type", "title", "status", "detail"],
}


class ApiSchema(AutoSchema):
    """Parameters from the view's `query`, words from its `summary`."""

    def get_override_parameters(self) -> list:
        query = getattr(self.view, "query", None)
        return [query] if query else []

    def get_summary(self) -> str:
        return str(getattr(self.view, "summary", ""))

    def get_description(self) -> str:  # type: ignore[override]
        return str(getattr(self.view, "description", "") or self.get_summary())

    def get_operation_id(self) -> str:
        match = self.view.__class__.__name__
        return match[0].lower() + match[1:]


class SessionScheme(OpenApiAuthenticationExtension):
    """The log-in of the pages."""

    target_class = "stage.core.api.access.ActorAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema) -> dict:
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


def add_problems(result: dict, generator, request, public) -> dict:
    """What every operation may answer instead: a problem."""
    for schema in result["components"]["schemas"].values():
        _tighten(schema)
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for address, item in result["paths"].items():
        for operation in item.values():
            wrong = [400, 401, 403, 404, 429]
            if "{" not in address and not operation.get("security"):
                wrong = [429]
            for status in wrong:
                answer = {"description": str(words_of(status)), "content": content}
                operation["responses"][str(status)] = answer
    return result


def _tighten(schema: dict) -> None:
    """An answer holds all its fields, always, and no other; what is for forms is left out."""
    if "properties" not in schema:
        return
    schema["required"] = sorted(schema["properties"])
    schema["additionalProperties"] = False
    for part in schema["properties"].values():
        for noise in ("title", "readOnly", "x-spec-enum-id"):
            part.pop(noise, None)
