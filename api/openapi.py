"""The API description, OpenAPI 3.1, made from the operations themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema

from api.problems import MOVED, NotOffered, code_of, status_of
from api.rest import refusals
from api.rest.endpoint import FILES, JSON, Operation, as_files
from api.rest.meanings import meaning
from api.rest.packs import Found
from api.rest.shapes import Open, Shapes
from api.rest.twice import LONGEST_KEY
from api.signin import NotSignedIn
from engine.authority import NotAuthorised
from engine.errors import EngineError

_PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457), in the reader's language",
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string", "description": "What is wrong, as a sentence"},
        "status": {"type": "integer"}, "code": {"type": "string", "description": "The same for machines"},
        "errors": {"$ref": "#/components/schemas/Wrong"},
        "retry_after": {"type": "integer", "description": "Seconds after which to try again, as in `Retry-After`"},
        "findings": {
            "type": "array", "items": {"$ref": "#/components/schemas/Found"}, "description": "What is wrong in the owner's files",
        },
        "meanwhile": {
            "type": "array", "description": "What happened since, where somebody else was first",
            "items": {
                "type": "object",
                "properties": {
                    "seq": {"type": "integer"}, "kind": {"type": "string"}, "at": {"type": "string", "format": "date-time"},
                    "sentence": {"type": "string"},
                },
            },
        },
    },
    "required": ["type", "title", "status", "code"],
}  # fmt: skip

_SAID = {"type": "array", "items": {"type": "string"}}
_WRONG = {
    "type": "object", "description": "Field -> what is wrong with it, in sentences; the parts of a field again by name",
    "additionalProperties": {"anyOf": [_SAID, {"$ref": "#/components/schemas/Wrong"}]},
}  # fmt: skip

_ABOUT = """Complaint handling you can replay. A case *is* its history; every answer about a case carries the number
of its last event as `ETag`.

* Sign in with `POST /session` and send the token as `Authorization: Bearer …`.
* `GET /packs` tells which procedures there are, with their intake form, channels and who may open a case (`starters`);
  `GET /packs/{pack}` its roles and who holds them, limits, statuses, every form, and what may be entered from outside by
  whom (`messages`). An administrator gives people memberships such as `pack/role` with `POST /people`.
* `POST /packs/{pack}/intake/check` and `POST /tasks/{case}/{task}/check` say what is required with the answers so far, without
  keeping anything; `POST /cases` opens a case.
* `GET /tasks?group` lists what is offered to you; `GET /tasks/{case}/{task}` shows the form, which fields are shown and
  required now (`asked`), who may do it (`candidates`) and why you may not (`why_not`).
* `POST /tasks/{case}/{task}/complete` does a task. `GET /cases/{case}` says what the case waits for (`tasks`, `messages` with
  `awaited`, `waiting`); where time is simulated, `POST /clock` lets it come.
* A file in an answer is its SHA-256 where the case has it, or the file itself: `{"name": "photo.jpg", "base64": "…"}`.
* Every POST may carry an `Idempotency-Key`, save the few that say why not: the same request again is answered again, and done once.
* Changes may carry `If-Match`: what others did to the same thing since is then a 412 that says what it was.
* `Kesu-On-Behalf-Of: name` acts for somebody you stand in for.
* Lists go on with `cursor`, given as `next`.
* Answers are in the language of `Accept-Language`, or in the reader's own. Papers and lists are files with `.pdf`, `.xlsx` or `.csv`
  behind the address, or by `Accept` without it; `lang` names another language for one of them.
"""

_HEALTH = {
    "well": bool, "now": datetime, "waker": bool, "database": bool, "why?": str, "oldest_due_seconds?": float, "parked?": int,
}  # fmt: skip
_DEEP = {
    **_HEALTH, "incidents?": int, "nodes?": [{"node": str, "seen": datetime}],
    "scheduler": {"alive": bool, "last_tick_seconds": float, "restarts": int, "simulated_clock": bool},
}  # fmt: skip
#: What operators ask, beside the operations: path -> what it says, as which media type, its shape.
_WATCHED: Mapping[str, tuple[str, str, Any]] = {
    "/openapi.json": ("This description", "application/json", Open("An OpenAPI 3.1 description")),
    "/health": ("Whether the database answers", "application/json", _HEALTH),
    "/health/live": ("Whether the process answers", "application/json", {"alive": bool}),
    "/health/ready": ("Whether the database answers", "application/json", _HEALTH),
    "/health/deep": ("Whether the database answers and the timekeeper ticks; 503 when not", "application/json", _DEEP),
    "/metrics": ("Figures for Prometheus", "text/plain", str),
}  # fmt: skip


def describe(operations: Iterable[Operation]) -> dict[str, Any]:
    """The description of these operations."""
    shapes = Shapes()
    paths: dict[str, dict[str, Any]] = {}
    every = list(operations)
    for operation in every:
        files = as_files(operation, every)
        for number, path in enumerate(filter(None, (operation.path, operation.also))):
            told = _operation(operation, files, path, shapes, suffix="_of_case" if number else "")
            paths.setdefault("/api/v1" + path, {})[operation.method.lower()] = told
    for path, (summary, media, shape) in _WATCHED.items():
        paths[path] = {"get": _watched(path, summary, media, shapes.of(shape))}
    shapes.of(Found)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kesu 客诉", "version": "1", "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Problem": _PROBLEM, "Wrong": _WRONG, **dict(sorted(shapes.components.items()))},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "kesu", "description": "Changes also need `X-CSRF-Token`"},
            },
        },
        "security": [{"bearer": []}, {"cookie": []}],
    }  # fmt: skip


def refused_by(operation: Operation, files: Mapping[str, Operation] | None = None) -> tuple[type[EngineError], ...]:
    """Every error an operation may answer with.

    Args:
        files: what gives the same as files, by media type.
    """
    found: list[type[EngineError]] = list(operation.refuses)
    if files:
        found += [NotOffered, *(kind for other in files.values() for kind in refused_by(other))]
    if not operation.open:
        found += refusals.SIGNED_IN
    if operation.method != "GET":
        found += refusals.CHANGING
    if operation.body is not None:
        found += refusals.WITH_BODY
    if operation.query is not None:
        found += refusals.WITH_QUERY
    if operation.keyed:
        found += refusals.KEYED
    if operation.versioned:
        found += refusals.VERSIONED
    return tuple(dict.fromkeys([*found, *refusals.TROUBLE]))


def _watched(path: str, summary: str, media: str, shape: dict[str, Any]) -> dict[str, Any]:
    said = {"content": {media: {"schema": shape}}}
    shut = _problems({401: [NotSignedIn], 403: [NotAuthorised]}) if path == "/metrics" else {}
    unwell = {"503": {"description": "Not well", **said}} if "/health" in path else {}
    return {
        "operationId": "get" + re.sub(r"\W", "_", path),
        "summary": summary,
        "tags": ["operation"],
        # Anybody may ask how the service is; how much there is to do is told to its administrators and to the monitoring.
        "security": [{"bearer": []}] if shut else [{}, {"bearer": []}],
        "responses": {"200": {"description": "As it is", **said}, **unwell, **shut},
    }


def _operation(
    operation: Operation, files: Mapping[str, Operation], path: str, shapes: Shapes, *, suffix: str
) -> dict[str, Any]:
    ending = next((kind for end, kind in FILES.items() if path.endswith(end)), "*/*")
    media = ending if operation.gives is bytes else JSON
    given = {media: operation, **files}
    described: dict[str, Any] = {
        "operationId": operation.view.__name__ + suffix,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": _parameters(operation, files, path),
        "responses": {
            str(operation.status): {
                "description": "Done",
                "content": {kind: {"schema": shapes.of(one.gives)} for kind, one in given.items()},
            },
            **_refusals(operation, files),
        },
    }
    if operation.body is not None:
        content: dict[str, Any] = {"schema": _schema(operation.body)}
        if operation.example is not None:
            content["example"] = operation.example
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    elif operation.view.__name__ == "attach":
        form = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
        described["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": form}, "*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    if operation.method == "POST" and operation.twice.never:
        described["description"] = f"Reads no `Idempotency-Key`: {operation.twice.never}."
    if operation.open:
        described["security"] = []
    return described


def _parameters(operation: Operation, files: Mapping[str, Operation], path: str) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "description": meaning(path, name)}
        for name in re.findall(r"{(\w+)}", path)
    ]
    queries = [_schema(one.query).get("properties", {}) for one in (operation, *files.values()) if one.query is not None]
    for name in dict.fromkeys(name for query in queries for name in query):
        shape = next(query[name] for query in queries if name in query)
        parameters.append({"name": name, "in": "query", "schema": shape})
        if "description" not in shape:
            parameters[-1]["description"] = meaning(path, name)
    headers = {"Kesu-On-Behalf-Of": not operation.open, "Accept-Language": True, "Idempotency-Key": operation.keyed, "If-Match": operation.versioned}
    for name in (name for name, taken in headers.items() if taken):
        longest = {"maxLength": LONGEST_KEY} if name == "Idempotency-Key" else {}
        described = {"schema": {"type": "string", **longest}, "description": meaning(path, name)}
        parameters.append({"name": name, "in": "header", **described})
    return parameters


def _schema(schema: type[Schema]) -> dict[str, Any]:
    """The JSON schema of what is accepted."""
    spec = APISpec("Kesu", "1", "3.1.0")
    converter = OpenAPIConverter(openapi_version="3.1.0", schema_name_resolver=lambda s: None, spec=spec)
    return dict(converter.schema2jsonschema(schema()))  # type: ignore[no-untyped-call]


def _refusals(operation: Operation, files: Mapping[str, Operation]) -> dict[str, Any]:
    """Status -> what it may mean, with the sentence of each."""
    by_status: dict[int, list[type[EngineError]]] = {}
    for kind in refused_by(operation, files):
        by_status.setdefault(status_of(kind), []).append(kind)
        if operation.versioned and code_of(kind) in MOVED:
            by_status.setdefault(412, []).append(kind)
    return _problems(by_status)


def _problems(by_status: Mapping[int, list[type[EngineError]]]) -> dict[str, Any]:
    return {
        str(status): {
            "description": "; ".join(f"`{code_of(kind)}`" for kind in kinds),
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {code_of(kind): {"value": _example(kind, status)} for kind in kinds},
                }
            },
        }
        for status, kinds in sorted(by_status.items())
    }


def _example(kind: type[EngineError], status: int) -> dict[str, Any]:
    code = code_of(kind)
    return {"type": f"urn:kesu:problem:{code}", "title": kind.en, "status": status, "code": code}
