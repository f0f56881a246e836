"""How a REST operation is declared: once, for routing, for checking and for the API description."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from marshmallow import RAISE, Schema, ValidationError
from werkzeug.exceptions import NotFound

from api.paper.tables import XLSX
from api.problems import (
    BodyNotJson,
    BodyTooLarge,
    FieldsWrong,
    NotOffered,
    NotSentAsJson,
    VersionUnusable,
    asked_language,
    language,
)
from api.rest.sentences import in_words
from api.rest.twice import Once, Twice
from api.showing import shown
from api.signin import SignIn
from api.wiring import Parts
from engine.errors import EngineError

#: Largest JSON body, in bytes.
LARGEST = 2_000_000
_NO_TEXT = "Not valid text."
#: What an address with this behind it gives as a file; whoever accepts that type is given it without the ending, too.
FILES: Mapping[str, str] = {".pdf": "application/pdf", ".xlsx": XLSX, ".csv": "text/csv"}
JSON = "application/json"
View = Callable[..., Any]
_TAG = re.compile(r'(?:W/)?"?(\d{1,9})"?\Z', re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the API."""

    method: str
    path: str
    #: Another address of the same operation.
    also: str | None
    summary: str
    tag: str
    view: View
    body: type[Schema] | None
    query: type[Schema] | None
    #: What it answers: a value's type, or name -> type (`api.rest.shapes`).
    gives: Any
    #: The errors it may answer with, besides those every operation has.
    refuses: tuple[type[EngineError], ...]
    #: A body that does its work: for the description, and tried in a test.
    example: Mapping[str, Any] | None
    status: int
    #: Whether anybody may call it.
    open: bool
    #: Whether it honours `If-Match`.
    versioned: bool
    #: How it takes the same request twice.
    twice: Twice

    @property
    def keyed(self) -> bool:
        """Whether it honours `Idempotency-Key`."""
        return self.method == "POST" and self.twice.never is None


class Api:
    """The operations of one blueprint."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []

    def operation(
        self, method: str, path: str, summary: str, *, tag: str, gives: Any, refuses: Iterable[type[EngineError]] = (),
        body: type[Schema] | None = None, query: type[Schema] | None = None, example: Mapping[str, Any] | None = None,
        status: int = 200, open: bool = False, also: str | None = None, versioned: bool = False,
        twice: Twice | None = None,
    ) -> Callable[[View], View]:  # fmt: skip
        """Declare a view as an operation; it is called with the parts and the path's names."""

        def declare(view: View) -> View:
            self.operations.append(
                Operation(
                    method=method, path=path, also=also, summary=summary, tag=tag, view=view, body=body, query=query,
                    gives=gives, refuses=tuple(refuses), example=example, status=status, open=open, versioned=versioned,
                    twice=twice or Twice(),
                )
            )  # fmt: skip
            return view

        return declare

    def blueprint(self, parts: Parts, signin: SignIn, every: Sequence[Operation]) -> Blueprint:
        """The operations as routes under /api/v1.

        Args:
            every: all there are, of other modules, too: some give as a file what one of these gives.
        """
        blueprint = Blueprint("rest", __name__, url_prefix="/api/v1")
        for operation in self.operations:
            view = _bound(operation, parts, signin, as_files(operation, every))
            for number, path in enumerate(filter(None, (operation.path, operation.also))):
                blueprint.add_url_rule(
                    path.replace("{", "<").replace("}", ">"),
                    endpoint=f"{operation.method.lower()}_{operation.view.__name__}" + ("_also" if number else ""),
                    view_func=view,
                    methods=[operation.method],
                )
        return blueprint


def as_files(operation: Operation, every: Iterable[Operation]) -> dict[str, Operation]:
    """Media type -> the operation that gives the same as such a file."""
    ways = {o.path: o for o in every if o.method == "GET"} if operation.method == "GET" else {}
    return {kind: ways[operation.path + ending] for ending, kind in FILES.items() if operation.path + ending in ways}


def _bound(
    operation: Operation, parts: Parts, signin: SignIn, files: Mapping[str, Operation]
) -> Callable[..., Response]:
    once = Once(operation.view.__name__, operation.twice, operation.refuses) if operation.keyed else None

    def call(**names: Any) -> Response:
        g.parts, g.signin = parts, signin
        if not operation.open:
            signin.actor(request)
            _speak(asked_language(g.language))
        wanted = _wanted(operation, files)
        if any("\0" in name for name in names.values()):
            raise NotFound()  # no database has such a name, and one of them would stumble over it
        if operation.body is not None:
            names["body"] = _checked(operation.body(unknown=RAISE), _json())
        for name, value in request.args.items():
            if "\0" in value:
                raise FieldsWrong(in_words({name: [_NO_TEXT]}, language()))
        if wanted.query is not None:
            names["query"] = _checked(wanted.query(unknown=RAISE), dict(request.args))
            _speak(names["query"].get("lang"))
        if once is not None:
            response = _answer(once.answer(parts, names, lambda: operation.view(parts, **names)), operation.status)
        else:
            result = wanted.view(parts, **names)
            response = result if isinstance(result, Response) else _answer(shown(result), operation.status)
        if files:
            response.headers.add("Vary", "Accept")
        # What is told to one person is kept by nobody on the way.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return call


def _speak(lang: str | None) -> None:
    """Answer in a language from here on; None: as before."""
    if lang:
        g.language = lang
        if "actor" in g:
            g.actor = replace(g.actor, locale=lang)


def _wanted(operation: Operation, files: Mapping[str, Operation]) -> Operation:
    """The operation, or the one that gives the same as the file that is asked for.

    Raises:
        NotOffered: it is given as nothing that the caller accepts.
    """
    if not files or not request.accept_mimetypes:
        return operation
    kind = request.accept_mimetypes.best_match([JSON, *files])
    if kind is None:
        raise NotOffered(asked=request.headers["Accept"][:100], offered=", ".join([JSON, *files]))
    return files.get(kind, operation)


def _answer(document: Any, status: int) -> Response:
    response = jsonify(document)
    response.status_code = status
    seq = document.get("seq") if isinstance(document, dict) else None
    if isinstance(seq, int):
        response.headers["ETag"] = f'"{seq}"'
    return response


def _json() -> Any:
    if (request.content_length or 0) > LARGEST:
        raise BodyTooLarge(most=LARGEST // 1_000_000)
    # Before the body is read: a form would be taken apart and leave nothing.
    if (request.content_length or 0) > 0 and not (request.mimetype == "" or request.is_json):
        raise NotSentAsJson()
    data = request.get_data(cache=False)
    if len(data) > LARGEST:
        raise BodyTooLarge(most=LARGEST // 1_000_000)
    try:
        # Numbers stay exact: money is never a float.
        loaded = json.loads(
            data or b"{}", parse_float=Decimal, parse_constant=_refused, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as error:
        raise BodyNotJson() from error
    if not isinstance(loaded, dict):
        raise BodyNotJson()
    if b"\\u" in data:
        _well_written(loaded, ())
    return loaded


def _refused(text: str) -> Any:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless it says one thing twice: then nobody knows what was meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same name twice")
    return found


def _well_written(value: Any, path: tuple[str, ...]) -> None:
    """Refuse what no database and no reader can take: halves of characters (lone surrogates) and null bytes.

    Null bytes in answers are left to the form, which names its field in the reader's language.
    """
    if isinstance(value, str):
        entered = path[:1] in (("answers",), ("payload",))
        if any("\ud800" <= c <= "\udfff" for c in value) or ("\0" in value and not entered):
            named = ".".join(path[1:] if entered else path) or "-"
            raise FieldsWrong(in_words({named: [_NO_TEXT]}, language()))
    elif isinstance(value, dict):
        for name, inner in value.items():
            _well_written(name, path)
            _well_written(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            _well_written(inner, (*path, str(place)))


def _checked(schema: Schema, given: Any) -> dict[str, Any]:
    try:
        return dict(schema.load(given))
    except ValidationError as error:
        found = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise FieldsWrong(in_words(found, language(), schema)) from error


def seen() -> int | None:
    """Which version of the case the caller saw (`If-Match`); None: they do not say.

    Raises:
        VersionUnusable: the header is no version of ours.
    """
    tag = request.headers.get("If-Match", "").strip()
    if tag in ("", "*"):
        return None
    found = _TAG.match(tag)
    if found is None:
        raise VersionUnusable()
    return int(found[1])
