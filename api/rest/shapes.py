"""The shape of answers as JSON schema, read off the types of our values: what `api.showing` makes of them."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from api.showing import HIDDEN
from engine.deadline import TimeLeft
from engine.history import Record
from engine.policy import Label
from forms import Field, Form

_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"}, int: {"type": "integer"}, bool: {"type": "boolean"}, float: {"type": "number"},
    type(None): {"type": "null"}, Decimal: {"type": "string"}, bytes: {"type": "string"},
    datetime: {"type": "string", "format": "date-time"}, date: {"type": "string", "format": "date"},
    time: {"type": "string"}, timedelta: {"type": "number"}, dict: {"type": "object"}, list: {"type": "array"},
}  # fmt: skip
_TEXT, _MAYBE = {"type": "string"}, {"type": ["string", "null"]}


class Shapes:
    """Collects the schemas of the values that answers hold."""

    def __init__(self) -> None:
        #: Name -> schema, for `components`.
        self.components: dict[str, dict[str, Any]] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type; of a mapping, that of an object with these names."""
        if isinstance(kind, Mapping):
            return _object({name: self.of(inner) for name, inner in kind.items()})
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
        return _object({name: self.of(inner) for name, inner in within(kind).items()})

    def _named(self, name: str, make: Any) -> dict[str, Any]:
        if name not in self.components:
            self.components[name] = {}  # it may hold itself
            self.components[name] = make()
        return {"$ref": f"#/components/schemas/{name}"}


def within(kind: type) -> dict[str, Any]:
    """Name -> type of what a value holds, to be laid out flat in an answer."""
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind) if f.name not in HIDDEN}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _label(shapes: Shapes) -> dict[str, Any]:
    return _object({"zh": _TEXT, "en": _TEXT})


def _left(shapes: Shapes) -> dict[str, Any]:
    return _object({"late": {"type": "boolean"}, "zh": _TEXT, "en": _TEXT})


def _field(shapes: Shapes) -> dict[str, Any]:
    label = shapes.of(Label)
    rule = {"type": ["boolean", "string"], "description": "true, false, or a rule in FEEL after an equals sign"}
    bound = {"type": ["string", "null"]}
    field = {
        "name": _TEXT, "type": _TEXT, "label": label, "hint": {"anyOf": [label, {"type": "null"}]}, "required": rule,
        "when": {**_MAYBE, "description": "It is shown only where this rule in FEEL is true"}, "value": _MAYBE, "result": _TEXT,
        "default": {}, "min": bound, "max": bound, "pattern": _MAYBE, "personal": _MAYBE, "readonly": {"type": "boolean"},
        "options": {"type": "array", "items": _object({"value": _TEXT, "label": label})},
        "columns": {"type": "array", "items": {"$ref": "#/components/schemas/Field"}}, "decimals": {"type": "integer"},
        "currency": _TEXT, "unit": {"anyOf": [label, {"type": "null"}]}, "role": _MAYBE, "many": {"type": "boolean"},
    }  # fmt: skip
    return _object(field)


def _form(shapes: Shapes) -> dict[str, Any]:
    fields_ = shapes.of(tuple[Field, ...])
    return _object(
        {"id": _TEXT, "title": shapes.of(Label), "source": _TEXT, "fields": fields_, "schema": {"type": "object"}}
    )


def _event(shapes: Shapes) -> dict[str, Any]:
    shape = _object(
        {
            "seq": {"type": "integer"}, "kind": _TEXT, "at": {"type": "string", "format": "date-time"}, "actor": _MAYBE,
            "on_behalf_of": _MAYBE, "facts": {"type": "object"}, "hash": _TEXT, "previous": _TEXT, "sentence": _TEXT,
        }
    )  # fmt: skip
    shape["required"].remove("sentence")
    return shape


_OURS: Mapping[Any, Any] = {Label: _label, TimeLeft: _left, Field: _field, Form: _form, Record: _event}
