"""The API description, OpenAPI 3.1, made from the operations themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from api.rest.endpoint import Operation
from api.rest.schemas import schema_json

_PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "code": {"type": "string"},
        "errors": {"type": "object"}, "findings": {"type": "array", "items": {"type": "object"}},
    },
}  # fmt: skip


#: What operators ask, beside the operations: path -> what it says and as which media type.
_WATCHED = {
    "/openapi.json": ("This description", "application/json"),
    "/health": ("Whether the database answers", "application/json"),
    "/health/live": ("Whether the process answers", "application/json"),
    "/health/ready": ("Whether the database answers", "application/json"),
    "/health/deep": ("Whether the database answers and the timekeeper ticks; 503 when not", "application/json"),
    "/metrics": ("Figures for Prometheus", "text/plain"),
}


def describe(operations: Iterable[Operation]) -> dict[str, Any]:
    """The description of these operations."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault("/api/v1" + operation.path, {})[operation.method.lower()] = _operation(operation)
    for path, (summary, media) in _WATCHED.items():
        paths[path] = {"get": _watched(path, summary, media)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kesu 客诉", "version": "1", "license": {"name": "Apache-2.0"}},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Problem": _PROBLEM},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    }


def _watched(path: str, summary: str, media: str) -> dict[str, Any]:
    return {
        "operationId": "get" + re.sub(r"\W", "_", path),
        "summary": summary,
        "tags": ["operation"],
        "security": [],
        "responses": {"200": {"description": "As it is", "content": {media: {"schema": {}}}}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    if operation.query is not None:
        for name, shape in schema_json(operation.query).get("properties", {}).items():
            parameters.append({"name": name, "in": "query", "schema": shape})
    if operation.method == "POST":
        parameters.append({"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}})
    described: dict[str, Any] = {
        "operationId": operation.view.__name__,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": parameters,
        "responses": {
            str(operation.status): {
                "description": "Done",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "default": {
                "description": "A problem document (RFC 9457)",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema_json(operation.body)}},
        }
    if operation.open:
        described["security"] = []
    return described
