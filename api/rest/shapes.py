"""The shape of answers as JSON schema, read off the types of our values: what `api.showing` makes of them."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from api.showing import leaves
from engine.casebook import DeadlineView, Notice, ParamView, RegisterRow, Sheet, StateView, TaskView, Written
from engine.deadline import TimeLeft
from engine.history import Hidden, Record
from engine.policy import Label
from engine.store import Act, ReportRow
from forms import Field, Form
from forms.reading import TYPES

_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"}, int: {"type": "integer"}, bool: {"type": "boolean"}, float: {"type": "number"},
    type(None): {"type": "null"}, Decimal: {"type": "string"}, bytes: {"type": "string"},
    datetime: {"type": "string", "format": "date-time"}, date: {"type": "string", "format": "date"},
    time: {"type": "string"}, timedelta: {"type": "number"}, dict: {"type": "object"}, list: {"type": "array"},
}  # fmt: skip
_COMMENT, _FIELD = re.compile(r" {4}#: ?(.*)"), re.compile(r" {4}(\w+):")
_ANYTHING: dict[str, Any] = {"type": ["string", "number", "boolean", "array", "object", "null"]}
_TEXT, _MAYBE = {"type": "string"}, {"type": ["string", "null"]}


@dataclass(frozen=True)
class Open:
    """An object whose names the API cannot know beforehand."""

    #: Where they are told: for the reader of the description.
    why: str


@dataclass(frozen=True)
class Every:
    """An object whose values are all of one shape."""

    one: Any


@dataclass(frozen=True)
class Anything:
    """A value whose type the API cannot know beforehand."""

    why: str


@dataclass(frozen=True)
class Told:
    """A type, and what the source of a value says of the part that has it."""

    kind: Any
    said: str


JSON_SCHEMA = Open("A JSON schema (2020-12) of the answers to the form")
ANSWERS = Open("Answers by the name of the form's field; forms are told by `/packs`, `/tasks` and `/cases/{case}/messages`")
CASE_DATA = Open("What is known about the case: names of its forms' fields and of results of its procedure")
_DEFAULT = Anything("As the field's type writes it; text for a rule")
_FACTS = Open("Facts by name: each kind of event, errand or act has its own")


class Shapes:
    """Collects the schemas of the values that answers hold."""

    def __init__(self) -> None:
        #: Name -> schema, for `components`.
        self.components: dict[str, dict[str, Any]] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type; of a mapping, that of an object with these names; of a list, that of many of its one.

        A name with a question mark is not always there.
        """
        if isinstance(kind, Open):
            return {"type": "object", "additionalProperties": True, "description": kind.why}
        if isinstance(kind, Told):
            return _saying(self.of(kind.kind), kind.said)
        if isinstance(kind, Anything):
            return {**_ANYTHING, "description": kind.why}
        if isinstance(kind, Mapping):
            return _object({name: self.of(inner) for name, inner in kind.items()})
        if isinstance(kind, Every):
            return {"type": "object", "additionalProperties": self.of(kind.one)}
        if isinstance(kind, list):
            return {"type": "array", "items": self.of(kind[0])}
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Literal:
            return {"enum": list(inner)}
        if origin in (Union, types.UnionType):
            return self._any_of(inner)
        if origin in (list, tuple, set, frozenset):
            return self._list(origin, inner)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if kind in _OURS:
            return self._named(kind.__name__, lambda: _OURS[kind](self))
        if is_dataclass(kind) and isinstance(kind, type):
            return self._named(kind.__name__, lambda: self._value(kind))
        return {}

    def _any_of(self, inner: tuple[Any, ...]) -> dict[str, Any]:
        shapes = [self.of(one) for one in inner]
        if {} in shapes:
            return {}  # one of them is anything
        simple = [s for s in shapes if set(s) == {"type"} and isinstance(s["type"], str)]
        if len(simple) == len(shapes):
            return {"type": [s["type"] for s in shapes]}
        return {"anyOf": shapes}

    def _list(self, origin: Any, inner: tuple[Any, ...]) -> dict[str, Any]:
        pair = origin is tuple and len(inner) > 1 and inner[-1] is not Ellipsis
        if pair:
            return {"type": "array", "prefixItems": [self.of(one) for one in inner], "minItems": len(inner), "maxItems": len(inner)}
        return {"type": "array", "items": self.of(inner[0]) if inner else {}}

    def _value(self, kind: type) -> dict[str, Any]:
        return {
            **_object({name: self.of(inner) for name, inner in within(kind).items()}),
            "description": inspect.cleandoc(kind.__doc__ or ""),
        }

    def _named(self, name: str, make: Any) -> dict[str, Any]:
        if name not in self.components:
            self.components[name] = {}  # it may hold itself
            self.components[name] = make()
        return {"$ref": f"#/components/schemas/{name}"}


def within(kind: type) -> dict[str, Any]:
    """Name -> type of what a value holds, to be laid out flat in an answer."""
    hints, said = get_type_hints(kind), _comments(kind)
    parts = {f.name: _TOLD.get((kind, f.name), hints[f.name]) for f in fields(kind) if leaves(kind, f.name)}
    return {name: Told(part, said[name]) if name in said else part for name, part in parts.items()}


@cache
def _comments(kind: type) -> dict[str, str]:
    """What the source of a value says of each of its fields, after `#:`; nothing where there is no source."""
    try:
        lines = inspect.getsource(kind).splitlines()
    except (OSError, TypeError):
        return {}
    found: dict[str, str] = {}
    words: list[str] = []
    for line in lines:
        if (comment := _COMMENT.match(line)) is not None:
            words.append(comment[1])
        elif (field := _FIELD.match(line)) is not None and words:
            found[field[1]] = " ".join(words)
        if comment is None:
            words = []
    return found


def _saying(shape: dict[str, Any], said: str | None) -> dict[str, Any]:
    return {**shape, "description": said} if said and "description" not in shape else shape


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    always = [name for name in properties if not name.endswith("?")]
    named = {name.rstrip("?"): shape for name, shape in properties.items()}
    return {"type": "object", "properties": named, "required": always, "additionalProperties": False}


def _label(shapes: Shapes) -> dict[str, Any]:
    return _object({"zh": _TEXT, "en": _TEXT})


def _left(shapes: Shapes) -> dict[str, Any]:
    return _object({"late": {"type": "boolean"}, "zh": _TEXT, "en": _TEXT})


def _field(shapes: Shapes) -> dict[str, Any]:
    label = shapes.of(Label)
    rule = {"type": ["boolean", "string"], "description": "true, false, or a rule in FEEL after an equals sign"}
    bound = {
        **_MAYBE,
        "description": "Of a number, date, moment or time: its bound; of a text: of characters; of a table: of rows; of choices: of those "
        "chosen. A number, a date, or a rule in FEEL after an equals sign",
    }
    field = {
        "name": {**_TEXT, "description": "Its name in answers; empty: nothing is entered there"},
        "type": {"enum": sorted(TYPES)}, "label": label, "hint": {"anyOf": [label, {"type": "null"}]}, "required": rule,
        "when": {**_MAYBE, "description": "It is shown only where this rule in FEEL is true"},
        "value": {**_MAYBE, "description": "Of a computed field: the rule in FEEL; nothing is entered"}, "result": _TEXT,
        "default": shapes.of(_DEFAULT), "min": bound, "max": bound,
        "pattern": {**_MAYBE, "description": "A regular expression (RE2) for the whole of it"},
        "personal": {**_MAYBE, "description": "Whose personal data it is, in a word of the procedure"},
        "readonly": {"type": "boolean", "description": "It is shown; nothing is entered"},
        "options": {"type": "array", "items": _object({"value": _TEXT, "label": label})},
        "columns": {"type": "array", "items": {"$ref": "#/components/schemas/Field"}, "description": "Of a table: a row is an object by their names"},
        "decimals": {"type": "integer", "description": "Of money: how many at most"}, "currency": _TEXT,
        "unit": {"anyOf": [label, {"type": "null"}]},
        "role": {**_MAYBE, "description": "Of a person: who holds this role"},
        "many": {"type": "boolean", "description": "Whether the answer is a list of such"},
    }  # fmt: skip
    return _object(field)


def _form(shapes: Shapes) -> dict[str, Any]:
    fields_ = shapes.of(tuple[Field, ...])
    return _object(
        {"id": _TEXT, "title": shapes.of(Label), "source": _TEXT, "fields": fields_, "schema": shapes.of(JSON_SCHEMA)}
    )


def _event(shapes: Shapes) -> dict[str, Any]:
    shape = _object(
        {
            "seq": {"type": "integer"}, "kind": _TEXT, "at": {"type": "string", "format": "date-time"}, "actor": _MAYBE,
            "on_behalf_of": _MAYBE, "facts": _facts(shapes), "hash": _TEXT, "previous": _TEXT, "sentence": _TEXT,
        }
    )  # fmt: skip
    shape["required"].remove("sentence")
    return shape


def _facts(shapes: Shapes) -> dict[str, Any]:
    said = (
        "Personal data that the reader is not shown, at whatever depth they stand: withheld by the pack from this reader "
        "(`secrets` of pack.yaml), or erased on request, for everybody and for ever"
    )
    hidden = shapes._named(
        "HiddenValue",
        lambda: _object({"hidden": shapes.of(Hidden), "of": {**_TEXT, "description": "Whose data they are"}}) | {"description": said},
    )
    one = {"anyOf": [hidden, {**_ANYTHING, "description": "The fact"}]}
    return {"type": "object", "additionalProperties": one, "description": _FACTS.why}


_OURS: Mapping[Any, Any] = {Label: _label, TimeLeft: _left, Field: _field, Form: _form, Record: _event}

_DAYS = {"from": date, "to": date, "kind": str, "counts": bool, "zh?": str, "en?": str, "hours?": [str]}
_AMOUNT = int | Decimal
_TRACE = {
    "start": datetime, "amount": _AMOUNT, "unit": str, "due": datetime, "day": date, "calendar": str, "version": str,
    "zone": str, "tz": str, "roll?": str, "civil?": bool, "nominal?": date, "extensions?": [tuple[_AMOUNT, str]],
    "pauses?": [tuple[datetime, datetime]], "cap?": tuple[_AMOUNT, str], "capped?": bool, "days?": [_DAYS],
    "unpublished?": [int],
}  # fmt: skip
_LATE = [{"case": str, "number": str | None, "title": str, "limit": str, "due": datetime}]
_RATE = {
    "rate": str, "label": Label, "due": int, "kept": int, "percent": Decimal | None, "target": Decimal, "met": bool | None,
    "source": str,
}  # fmt: skip
REPORT = {
    "title": Label, "every": str, "source": str, "received": int, "closed": int, "open_at_the_end": int,
    "by_channel": Mapping[str, int], "closed_by_status": Mapping[str, int],
    "limits": [{"limit": str, "kept": int, "late": int, "overrun": int}],
    "tasks": [{"element": str, "done": int, "late": int}],
    "rates?": [_RATE],
    "overdue": _LATE, "closed_late": _LATE,
}  # fmt: skip
#: Fields whose type is looser than what they hold.
_TOLD: Mapping[tuple[type, str], Any] = {
    (DeadlineView, "trace"): _TRACE, (ReportRow, "content"): REPORT, (Notice, "facts"): _FACTS, (Act, "facts"): _FACTS,
    (Sheet, "values"): ANSWERS, (TaskView, "values"): ANSWERS, (TaskView, "document"): CASE_DATA,
    (StateView, "documents"): Every(CASE_DATA),
    (Written, "value"): Anything("As the field's type gives it; `text` says the same in words"),
    (ParamView, "value"): Anything("As the owner wrote it: a number or a text"),
    (RegisterRow, "cells"): [Anything("As the column's rule gives it; `texts` says the same in words")],
}  # fmt: skip
