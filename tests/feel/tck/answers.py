"""What the TCK gives and expects, and when an answer is the expected one. Expected values are read without our FEEL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from engine.feel import Function, Range, compile, written
from engine.feel.data import kind
from engine.values import YearsMonths
from tests.feel.asking import context

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SPAN = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?\Z")
_MAKES = {"date": "date", "time": "time", "dateTime": "date and time"}
_NUMBERS = ("decimal", "double", "integer", "float", "int", "long")


def tag(node: Element) -> str:
    """The name of an element without its namespace."""
    return node.tag.rpartition("}")[2]


def kids(node: Element | None, *tags: str) -> list[Element]:
    """Children of these names."""
    return [child for child in node if tag(child) in tags] if node is not None else []


def kid(node: Element | None, *tags: str) -> Element | None:
    """The first child of these names."""
    return next(iter(kids(node, *tags)), None)


def text(node: Element | None) -> str:
    """The text of a child `text`, or of the element."""
    inner = kid(node, "text")
    found = inner if inner is not None else node
    return (found.text or "").strip() if found is not None else ""


def given(node: Element) -> Any:
    """An input, as a value of ours."""
    return _read(
        node, lambda of, said: compile(f'{_MAKES.get(of, "duration")}("{said}")').run({}, context=context()).value
    )


def expected(node: Element) -> Any:
    """An expected result, in the form results are compared in."""
    return _read(node, _form)


def _read(node: Element, literal: Any) -> Any:
    if (items := kid(node, "list")) is not None:
        return None if items.get(NIL) == "true" else [_read(item, literal) for item in kids(items, "item")]
    if parts := kids(node, "component"):
        return {p.get("name"): None if p.get(NIL) == "true" else _read(p, literal) for p in parts}
    value = kid(node, "value")
    if value is None or value.get(NIL) == "true":
        return None
    of, said = (value.get(TYPE) or "xsd:string").rpartition(":")[2], value.text or ""
    if of in ("string", "anySimpleType"):
        return said
    if of == "boolean":
        return said.strip() in ("true", "1")
    return Decimal(said.strip()) if of in _NUMBERS else literal(of, said.strip())


def form(value: Any) -> Any:
    """A value of ours in the form it is compared in."""
    match value:
        case None | bool() | str():
            return value
        case int() | Decimal():
            return Decimal(value)
        case list() | tuple():
            return [form(item) for item in value]
        case dict():
            return {key: form(inner) for key, inner in value.items()}
        case datetime():
            return _form("dateTime", written(value) or "")
        case date():
            return ("date", written(value))
        case time():
            return _form("time", written(value) or "")
        case timedelta():
            return ("seconds", Decimal(value // timedelta(microseconds=1)) / 1_000_000)
        case YearsMonths():
            return ("months", value.months)
    return (kind(value), id(value)) if isinstance(value, Function | Range) else ("unknown", repr(value))


def _form(of: str, said: str) -> Any:
    found = _SPAN.match(said)
    if found and of not in ("date", "time", "dateTime"):
        sign = -1 if found[1] else 1
        years, months, days, hours, minutes = (int(found[n] or 0) for n in range(2, 7))
        if (found[2] or found[3]) and not any(found[n] for n in range(4, 8)):
            return ("months", sign * (years * 12 + months))
        return ("seconds", sign * (days * 86400 + hours * 3600 + minutes * 60 + Decimal(found[7] or 0)))
    said = re.sub(r"(Z|[+-]00:00|@Etc/UTC|@UTC)$", "Z", said)
    said = re.sub(r"(:\d\d\.\d*?)0+(?=\D|$)", r"\1", said)
    said = re.sub(r"(:\d\d)\.(?=\D|$)", r"\1", said)
    said = re.sub(r"^([^T]*T?\d\d:\d\d)(?=$|Z|[+-]|@)", r"\1:00", said)
    return (of, re.sub(r"([+-]\d\d:\d\d):00$", r"\1", said))


def same(wanted: Any, found: Any) -> bool:
    """Whether a result is the expected one; numbers may differ in the ninth digit, as the TCK allows."""
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, Decimal) and isinstance(found, Decimal):
        return abs(wanted - found) <= max(Decimal("1e-8"), abs(wanted) * Decimal("1e-8"))
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(same, wanted, found))
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return wanted.keys() == found.keys() and all(same(wanted[key], found[key]) for key in wanted)
    return type(wanted) is type(found) and bool(wanted == found)
