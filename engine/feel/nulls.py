"""What can only be null, told before it runs: `sum([])`, `amount + null`, `"5" * 2`, `upper case(3)`.

Parts that read nothing are evaluated; of the others the kinds are looked at, as far as they are known. Silent where it is
not certain. A `null` that is written as such is meant, and so is one that only comes out where a branch asks for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.budget import Budget, BudgetSpent
from engine.feel.builtins import BUILTINS, could_take, parameters
from engine.feel.data import Range, compare, equal, kind, reckon
from engine.feel.environment import Env, build
from engine.feel.house import HOUSE
from engine.feel.kinds import kind_of
from engine.feel.parts import part
from engine.feel.reading import names_read
from engine.feel.tree import Node
from engine.values import YearsMonths

#: Steps and seconds for all parts of one expression that are evaluated.
STEPS, SECONDS = 4000, 0.2
#: Values of each kind: where none of them gives anything, no other will.
_SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "number": (Decimal(2),), "string": ("a",), "boolean": (True,), "date": (date(2026, 1, 5),),
    "time": (time(9), time(9, tzinfo=UTC)), "date and time": (datetime(2026, 1, 5, 9), datetime(2026, 1, 5, 9, tzinfo=UTC)),  # noqa: DTZ001
    "days and time duration": (timedelta(days=2),), "years and months duration": (YearsMonths(2),),
    "range": (Range(Decimal(1), Decimal(2)),),
}  # fmt: skip
_PATTERNS = ("matches", "replace", "split", "extract")
_ORDERS = ("<", "<=", ">", ">=")

Told = tuple[int, str, str]


def nulls_of(node: Node, types: Mapping[str, str], text: str) -> list[Told]:
    """Places that can only be null because of a mistake: where, and why in Chinese and English; innermost first."""
    search = _Search(text)
    # What is too costly to look at is not certain.
    with contextlib.suppress(BudgetSpent, RecursionError):
        search.look(node, types)
    return search.found


class _Search:
    def __init__(self, text: str) -> None:
        self.found: list[Told] = []
        self._left, self._text = STEPS, text

    def look(self, node: Node, types: Mapping[str, str]) -> bool:
        """Whether a part can only be null."""
        before = len(self.found)
        empty = self._inside(node, types)
        if node.op == "value":
            if node.parts[0] is None and self._text.startswith("@", node.at):
                self.found.append((node.at, "这里写的不是日期、时间或时长", "this is no date, time or duration"))
            return node.parts[0] is None
        null, told = self._evaluated(node) if _reads_nothing(node) else (None, None)
        if null is False:
            return False
        told = told or self._by_kind(node, empty, types)
        if told and len(self.found) == before:
            self.found.append(told)
        return null or told is not None or (node.op == "if" and len(empty) == 3 and all(empty[1:]))

    def _inside(self, node: Node, types: Mapping[str, str]) -> list[bool]:
        """Look at the parts; whether each of the operands can only be null."""
        match node.op:
            case "for" | "some" | "every":
                empty = []
                for name, first, last in node.parts[0]:
                    empty.append(self.look(first, types))
                    if last is not None:
                        empty.append(self.look(last, types))
                    types = _without(types, {name, "partial"})
                self.look(node.parts[1], types)
                return empty
            case "function":
                self.look(node.parts[1], _without(types, {name for name, _ in node.parts[0]}))
                return []
            case "context":
                for name, entry in node.parts:
                    self.look(entry, types)
                    types = _without(types, {name})
                return []
            case "filter":
                # Inside, a name may be an entry of the item.
                return [self.look(node.parts[0], types), self.look(node.parts[1], {})]
            case "call":
                given = [*node.parts[1], *(value for _, value in node.parts[2])]
                return [self.look(value, types) for value in given]
        return [self.look(inner, types) for inner in _nodes(node.parts)]

    def _evaluated(self, node: Node) -> tuple[bool, Told | None]:
        """Whether a part that reads nothing is null, and why, where it says so itself."""
        budget = Budget(self._left, SECONDS)
        value = build(node)(Env({}, None, budget))
        self._left = budget.left
        return value is None, budget.warnings[-1] if value is None and budget.warnings else None

    def _by_kind(self, node: Node, empty: list[bool], types: Mapping[str, str]) -> Told | None:
        op = node.op
        if op in ("+", "-", "*", "/", "**", *_ORDERS, "=", "!="):
            return self._operated(node, empty, types)
        if op == "negate":
            found = kind_of(node.parts[0], types)
            return (
                _said(node, f"-{found}")
                if found in ("string", "boolean", "list", "context", "date", "time", "date and time")
                else None
            )
        if op in ("between", "range", "path", "filter", "for", "some", "every") and empty and empty[0]:
            return _said(node, f"null {op}")
        if op == "path":
            found = kind_of(node.parts[0], types) or ""
            return _said(node, f"{found}.{node.parts[1]}") if _has_not(found, node.parts[1]) else None
        if (
            op == "filter"
            and node.parts[1].op == "value"
            and node.parts[1].parts[0] == 0
            and kind(node.parts[1].parts[0]) == "number"
        ):
            return node.at, "列表从 1 数起，没有第 0 项", "lists are counted from 1, there is no item 0"
        return self._called(node, types) if op == "call" else None

    def _operated(self, node: Node, empty: list[bool], types: Mapping[str, str]) -> Told | None:
        op, (a, b) = node.op, (_kind(part, gone, types) for part, gone in zip(node.parts, empty, strict=True))
        if op in ("=", "!=") and "null" in (a, b):
            return None
        if "null" in (a, b):
            return _said(node, f"{a or '…'} {op} {b or '…'}")
        pairs = [(x, y) for x in _SAMPLES.get(a or "", ()) for y in _SAMPLES.get(b or "", ())]
        return _said(node, f"{a} {op} {b}") if pairs and all(_gives(op, x, y) is None for x, y in pairs) else None

    def _called(self, node: Node, types: Mapping[str, str]) -> Told | None:
        function, given, named = node.parts
        if function.op != "name" or function.parts[0] not in BUILTINS or function.parts[0] in types:
            return None
        name = function.parts[0]
        if named:
            strange = [n for n, _ in named if n not in parameters(name)]
            return (
                (node.at, f"{name} 没有参数“{strange[0]}”", f"{name} has no parameter “{strange[0]}”")
                if strange
                else None
            )
        if name in _PATTERNS and len(given) > 1 and _wrong_pattern(given[1]):
            return node.at, f"{name} 的正则表达式不可用", f"{name} cannot use this pattern"
        kinds = [_kind(value, value.op == "value" and value.parts[0] is None, types) for value in given]
        return None if could_take(name, kinds) else _said(node, f"{name}({', '.join(of or '…' for of in kinds)})")


def _wrong_pattern(node: Node) -> bool:
    return (
        node.op == "value"
        and isinstance(node.parts[0], str)
        and BUILTINS["matches"].call(Budget(STEPS), "a", node.parts[0]) is None
    )


def _said(node: Node, what: str) -> Told:
    return node.at, f"{what} 得不到值", f"{what} gives nothing"


def _kind(node: Node, empty: bool, types: Mapping[str, str]) -> str | None:
    if empty:
        return "null"
    found = kind_of(node, types)
    return found.partition("<")[0] if found else None


def _gives(op: str, a: Any, b: Any) -> Any:
    if op in _ORDERS:
        return compare(op, a, b)
    return equal(a, b, Budget()) if op in ("=", "!=") else reckon(op, a, b)


def _has_not(found: str, name: str) -> bool:
    return bool(_SAMPLES.get(found)) and all(part(value, name) is None for value in _SAMPLES[found]) and found != "range" and (
        found in ("number", "string", "boolean") or name not in ("timezone", "time offset")
    )  # fmt: skip


def _reads_nothing(node: Node) -> bool:
    return next(names_read(node), None) is None and not _mentions(node)


def _mentions(node: Any) -> bool:
    """Whether it asks the house, or for the value that is tested."""
    if isinstance(node, tuple):
        return any(map(_mentions, node))
    if not isinstance(node, Node):
        return False
    if node.op == "name":
        return node.parts[0] in HOUSE or node.parts[0] in ("?", "item", "partial")
    return node.op in ("function", "any", "one of", "none of", "test", "type", "as") or _mentions(node.parts)


def _nodes(parts: tuple[Any, ...]) -> list[Node]:
    found: list[Node] = []
    for inner in parts:
        if isinstance(inner, Node):
            found.append(inner)
        elif isinstance(inner, tuple):
            found += _nodes(inner)
    return [inner for inner in found if inner.op != "type"]


def _without(types: Mapping[str, str], names: set[str]) -> Mapping[str, str]:
    return {name: of for name, of in types.items() if name.partition(".")[0] not in names}
