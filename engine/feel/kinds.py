"""The type of an expression before it runs, as far as it can be known; None where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.feel.data import kind
from engine.feel.tree import Node

_SPANS = ("days and time duration", "years and months duration")
_DAYS = ("date", "date and time")
_GIVES = {
    "number": ["count", "sum", "mean", "median", "stddev", "product", "abs", "floor", "ceiling", "decimal", "modulo", "sqrt", "log", "exp", "number"]
    + ["string length", "day of year", "week of year", "round up", "round down", "round half up", "round half down",
       "elapsed working days"],
    "string": ["string", "substring", "upper case", "lower case", "trim", "replace", "string join", "substring before",
               "substring after", "day of week", "month of year", "done by"],
    "boolean": ["not", "contains", "starts with", "ends with", "matches", "list contains", "all", "any", "odd", "even",
                "is", "is defined", "before", "after", "meets", "met by", "overlaps", "overlaps before", "overlaps after",
                "finishes", "finished by", "includes", "during", "starts", "started by", "coincides"],
    "list": ["append", "concatenate", "union", "distinct values", "flatten", "reverse", "sort", "sublist", "insert before",
             "remove", "list replace", "index of", "split", "extract", "mode", "get entries"],
    "context": ["context", "context put", "context merge"],
    "date": ["date", "today", "next working day"],
    "time": ["time"],
    "date and time": ["date and time", "now", "due", "warn", "working days", "working hours", "milestone"],
    "years and months duration": ["years and months duration"],
    "range": ["range"],
}  # fmt: skip
_RESULT = {function: of for of, functions in _GIVES.items() for function in functions}
_BOOLEAN = frozenset(["and", "or", "=", "!=", "<", "<=", ">", ">=", "between", "in", "some", "every", "instance of"])
_PLAIN = {"list": "list", "for": "list", "context": "context", "function": "function", "range": "range"}


def kind_of(node: Node, types: Mapping[str, str]) -> str | None:
    """The type of a tree, given those of names and paths."""
    if node.op in _BOOLEAN:
        return "boolean"
    if node.op in _PLAIN:
        return _PLAIN[node.op]
    make = _MAKERS.get(node.op)
    return make(node, types) if make else None


def _of_value(node: Node, types: Mapping[str, str]) -> str | None:
    return None if node.parts[0] is None else kind(node.parts[0])


def _of_name(node: Node, types: Mapping[str, str]) -> str | None:
    return types.get(node.parts[0])


def _of_path(node: Node, types: Mapping[str, str]) -> str | None:
    steps: list[str] = []
    inner: Node = node
    while inner.op == "path":
        steps.insert(0, inner.parts[1])
        inner = inner.parts[0]
    return types.get(".".join([inner.parts[0], *steps])) if inner.op == "name" else None


def _of_if(node: Node, types: Mapping[str, str]) -> str | None:
    then, other = (kind_of(part, types) for part in node.parts[1:])
    return then if then == other else None


def _of_negation(node: Node, types: Mapping[str, str]) -> str | None:
    return kind_of(node.parts[0], types)


def _of_call(node: Node, types: Mapping[str, str]) -> str | None:
    return _RESULT.get(node.parts[0].parts[0]) if node.parts[0].op == "name" else None


def _of_filter(node: Node, types: Mapping[str, str]) -> str | None:
    # An index gives an item, whose type is not known.
    return "list" if kind_of(node.parts[1], types) == "boolean" else None


def _of_arithmetic(node: Node, types: Mapping[str, str]) -> str | None:
    a, b = (kind_of(part, types) for part in node.parts)
    if a == b and (a == "number" or (a == "string" and node.op == "+")):
        return a
    if node.op == "+" and a in _SPANS and b not in _SPANS:
        a, b = b, a
    if node.op in "+-" and b in _SPANS and (a in _DAYS or a == b or (a == "time" and b == _SPANS[0])):
        return a
    if node.op == "-" and a == b and a in (*_DAYS, "time"):
        return _SPANS[0]
    if node.op in "*/" and a in _SPANS:
        return a if b == "number" else "number" if b == a and node.op == "/" else None
    return b if node.op == "*" and a == "number" and b in _SPANS else None


_MAKERS: Mapping[str, Callable[[Node, Mapping[str, str]], str | None]] = {
    "value": _of_value, "name": _of_name, "path": _of_path, "if": _of_if, "negate": _of_negation, "call": _of_call,
    "filter": _of_filter, **dict.fromkeys(("+", "-", "*", "/", "**"), _of_arithmetic),
}  # fmt: skip
