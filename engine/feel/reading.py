"""What a tree reads and calls, known before it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.house import HOUSE
from engine.feel.tree import Node

#: Parts that times, durations and ranges have.
_OF_VALUES = frozenset({"year", "month", "day", "weekday", "hour", "minute", "second", "time offset", "timezone", "years", "months", "days", "hours",
                        "minutes", "seconds", "start", "end", "start included", "end included"})  # fmt: skip


def names_read(node: Any, bound: frozenset[str] = frozenset()) -> Iterator[tuple[str, bool]]:
    """Paths read from outside the expression, and whether they surely are: in a filter they may be entries of the item."""
    if isinstance(node, tuple):
        for part in node:
            yield from names_read(part, bound)
    if not isinstance(node, Node):
        return
    match node.op:
        case "name":
            name = node.parts[0]
            if name not in bound and name not in BUILTINS and name not in HOUSE and name != "?":
                yield name, True
        case "path":
            path = _path(node)
            if path and path[0] not in bound and path[0] not in BUILTINS:
                yield ".".join(path), True
            elif not path:
                yield from names_read(node.parts[0], bound)
        case "for" | "some" | "every":
            inner = bound | {"partial"}
            for name, first, last in node.parts[0]:
                yield from names_read((first, last), inner)
                inner |= {name}
            yield from names_read(node.parts[1], inner)
        case "function":
            yield from names_read(node.parts[1], bound | {name for name, _ in node.parts[0]})
        case "context":
            inner = bound
            for name, entry in node.parts:
                yield from names_read(entry, inner)
                inner |= {name}
        case "filter":
            yield from names_read(node.parts[0], bound)
            # Inside a filter a plain name may be an entry of the item, `day.year` the year of one: only other paths tell.
            for name, sure in names_read(node.parts[1], bound | {"item"}):
                part = name.partition(".")[2]
                yield name, sure and part != "" and part not in _OF_VALUES
        case "value" | "type":
            return
        case _:
            yield from names_read(node.parts, bound)


def _path(node: Node) -> list[str]:
    if node.op == "name":
        return [node.parts[0]]
    if node.op != "path":
        return []
    before = _path(node.parts[0])
    return [*before, node.parts[1]] if before else []


def literals_given(node: Any, function: str) -> Iterator[str]:
    """Texts written as the first argument in calls of a function."""
    if isinstance(node, tuple):
        for part in node:
            yield from literals_given(part, function)
    elif isinstance(node, Node):
        if node.op == "call" and node.parts[0].op == "name" and node.parts[0].parts[0] == function and node.parts[1]:
            first = node.parts[1][0]
            if first.op == "value" and isinstance(first.parts[0], str):
                yield first.parts[0]
        yield from literals_given(node.parts, function)


def functions_called(node: Any) -> Iterator[str]:
    """Names of the functions it calls."""
    if isinstance(node, tuple):
        for part in node:
            yield from functions_called(part)
    elif isinstance(node, Node):
        if node.op == "call" and node.parts[0].op == "name":
            yield node.parts[0].parts[0]
        yield from functions_called(node.parts)
