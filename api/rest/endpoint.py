"""How a REST operation is declared: once, for routing, for checking and for the API description."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError

from api.problems import BodyNotJson, BodyTooLarge, FieldsWrong
from api.showing import shown
from api.signin import SignIn
from api.wiring import Parts

#: Largest JSON body, in bytes.
LARGEST = 2_000_000
View = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the API."""

    method: str
    path: str
    summary: str
    tag: str
    view: View
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    status: int = 200
    #: Whether anybody may call it.
    open: bool = False


class Api:
    """The operations of one blueprint."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []

    def operation(
        self, method: str, path: str, summary: str, *, tag: str, body: type[Schema] | None = None,
        query: type[Schema] | None = None, status: int = 200, open: bool = False,
    ) -> Callable[[View], View]:  # fmt: skip
        """Declare a view as an operation; it is called with the parts and the path's names."""

        def declare(view: View) -> View:
            self.operations.append(
                Operation(
                    method=method,
                    path=path,
                    summary=summary,
                    tag=tag,
                    view=view,
                    body=body,
                    query=query,
                    status=status,
                    open=open,
                )
            )
            return view

        return declare

    def blueprint(self, parts: Parts, signin: SignIn) -> Blueprint:
        """The operations as routes under /api/v1."""
        blueprint = Blueprint("rest", __name__, url_prefix="/api/v1")
        for operation in self.operations:
            blueprint.add_url_rule(
                operation.path.replace("{", "<").replace("}", ">"),
                endpoint=f"{operation.method.lower()}_{operation.view.__name__}",
                view_func=_bound(operation, parts, signin),
                methods=[operation.method],
            )
        return blueprint


def _bound(operation: Operation, parts: Parts, signin: SignIn) -> Callable[..., Response]:
    def call(**names: Any) -> Response:
        if not operation.open:
            signin.actor(request)
        g.parts, g.signin = parts, signin
        if operation.body is not None:
            names["body"] = _checked(operation.body(unknown=RAISE), _json())
        if operation.query is not None:
            names["query"] = _checked(operation.query(unknown=EXCLUDE), dict(request.args))
        result = operation.view(parts, **names)
        return result if isinstance(result, Response) else _answer(result, operation.status)

    return call


def _answer(result: Any, status: int) -> Response:
    response = jsonify(shown(result))
    response.status_code = status
    seq = result.get("seq") if isinstance(result, dict) else None
    if isinstance(seq, int):
        response.headers["ETag"] = f'"{seq}"'
    return response


def _json() -> Any:
    if (request.content_length or 0) > LARGEST:
        raise BodyTooLarge(most=LARGEST // 1_000_000)
    try:
        # Numbers stay exact: money is never a float.
        loaded = json.loads(request.get_data(cache=False) or b"{}", parse_float=Decimal, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise BodyNotJson() from error
    if not isinstance(loaded, dict):
        raise BodyNotJson()
    return loaded


def _refused(text: str) -> Any:
    raise ValueError(text)


def _checked(schema: Schema, given: Any) -> dict[str, Any]:
    try:
        return dict(schema.load(given))
    except ValidationError as error:
        raise FieldsWrong(dict(error.normalized_messages())) from error  # type: ignore[no-untyped-call]


def seen() -> int | None:
    """Which version of the case the caller saw (`If-Match`)."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    return int(tag) if tag.isascii() and tag.isdigit() else None


def key() -> str | None:
    """The idempotency key of the request."""
    found = request.headers.get("Idempotency-Key", "").strip()
    return found[:200] or None
