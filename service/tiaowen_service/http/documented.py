"""The hot routes in the OpenAPI document, from the models that they validate with."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from tiaowen_service.http.wire import BatchIn, FiltersIn, ProblemOut, SearchIn, SearchOut

_REFERENCE = "#/components/schemas/{model}"


def install(app: FastAPI) -> None:
    """Make ``app.openapi`` describe the hot routes beside its own."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _openapi(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _openapi(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    inputs = [(model, "validation") for model in (SearchIn, BatchIn, FiltersIn)]
    outputs = [(model, "serialization") for model in (SearchOut, ProblemOut)]
    _, schema = models_json_schema(
        [*inputs, *outputs],  # type: ignore[list-item]
        ref_template=_REFERENCE,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(schema["$defs"])
    paths = document.setdefault("paths", {})
    paths["/v1/search"] = {
        "post": _operation("search", "Search clauses", body=SearchIn, answer=_ref(SearchOut)),
        "get": _operation("search_get", "Search clauses", answer=_ref(SearchOut))
        | {"parameters": _parameters(schema["$defs"])},
    }
    paths["/v1/search:batch"] = {
        "post": _operation(
            "search_batch",
            "Up to 100 searches, answered in order",
            body=BatchIn,
            answer={
                "type": "object",
                "properties": {"answers": {"type": "array", "items": _ref(SearchOut)}},
                "required": ["answers"],
            },
        )
    }
    return document


def _operation(
    name: str, summary: str, *, body: type[BaseModel] | None = None, answer: dict[str, Any]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "tags": ["search"],
        "responses": {
            "200": {"description": "Answer", "content": {"application/json": {"schema": answer}}},
            **{
                status: {
                    "description": reason,
                    "content": {"application/problem+json": {"schema": _ref(ProblemOut)}},
                }
                for status, reason in (
                    ("400", "Not JSON"),
                    ("408", "Body too slow"),
                    ("413", "Body too large"),
                    ("422", "Invalid request"),
                )
            },
        },
    }
    if body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(body)}},
        }
    return operation


def _parameters(definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of the body and of its filters as query parameters; ``query`` is ``q``."""
    fields = definitions["SearchIn"]["properties"] | definitions["FiltersIn"]["properties"]
    return [
        {
            "name": "q" if name == "query" else name,
            "in": "query",
            "required": name == "query",
            "schema": field,
        }
        for name, field in fields.items()
        if name != "filters"
    ]


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}
