"""Built-ins on lists and contexts."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.budget import Budget
from engine.feel.builtins import apply, builtin
from engine.feel.data import D34, compare, equal, kind, number, reckon, whole

_ORDERED = (
    "number", "string", "date", "time", "date and time", "days and time duration", "years and months duration",
)  # fmt: skip


@builtin("list contains", "list:l, element:*")
def _contains(budget: Budget, items: list[Any], element: Any) -> bool:
    return any(equal(item, element, budget) is True for item in items)


@builtin("count", "list:l")
def _count(budget: Budget, items: list[Any]) -> Decimal:
    return Decimal(len(items))


def _extreme(op: str) -> Callable[[Budget, list[Any]], Any]:
    def do(budget: Budget, items: list[Any]) -> Any:
        if not items or kind(items[0]) not in _ORDERED:
            return None
        found = items[0]
        for item in items[1:]:
            better = compare(op, item, found)
            if better is None:
                return None
            found = item if better else found
        return found

    return do


builtin("min", "list:l", many=True)(_extreme("<"))
builtin("max", "list:l", many=True)(_extreme(">"))


@builtin("sum", "list:l", many=True)
def _sum(budget: Budget, items: list[Any]) -> Any:
    if not items or kind(items[0]) not in ("number", "days and time duration", "years and months duration"):
        return None
    total = items[0]
    for item in items[1:]:
        total = reckon("+", total, item)
        if total is None:
            return None
    return total


@builtin("mean", "list:l", many=True)
def _mean(budget: Budget, items: list[Any]) -> Any:
    return reckon("/", _sum(budget, items), Decimal(len(items)))


@builtin("product", "list:l", many=True)
def _product(budget: Budget, items: list[Any]) -> Decimal:
    return functools.reduce(D34.multiply, _numbers(items), Decimal(1))


@builtin("median", "list:l", many=True)
def _median(budget: Budget, items: list[Any]) -> Decimal:
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else D34.divide(ordered[middle - 1] + ordered[middle], Decimal(2))


@builtin("stddev", "list:l", many=True)
def _stddev(budget: Budget, items: list[Any]) -> Decimal | None:
    values = _numbers(items)
    if len(values) < 2:
        return None
    mean = D34.divide(sum(values, Decimal(0)), Decimal(len(values)))
    squares = sum((D34.multiply(v - mean, v - mean) for v in values), Decimal(0))
    return D34.sqrt(D34.divide(squares, Decimal(len(values) - 1)))


@builtin("mode", "list:l", many=True)
def _mode(budget: Budget, items: list[Any]) -> list[Decimal]:
    counted = Counter(_numbers(items)) if items else Counter()
    most = max(counted.values(), default=0)
    return sorted(value for value, times in counted.items() if times == most)


def _numbers(items: list[Any]) -> list[Decimal]:
    if not items or any(kind(item) != "number" for item in items):
        raise ValueError("not numbers")
    return [number(item) for item in items]


@builtin("all", "list:l", many=True)
def _all(budget: Budget, items: list[Any]) -> bool | None:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any", "list:l", many=True)
def _any(budget: Budget, items: list[Any]) -> bool | None:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("sublist", "list:l, start position:n, length:n?0")
def _sublist(budget: Budget, items: list[Any], start: Any, length: Any = None) -> list[Any] | None:
    begin = _index(items, start)
    if length is None:
        return items[begin:]
    size = whole(length)
    return items[begin : begin + size] if 0 < size <= len(items) - begin else None


@builtin("append", "list:*", many=True)
def _append(budget: Budget, items: list[Any]) -> list[Any] | None:
    if not items or items[0] is None:
        return None
    return [*(items[0] if isinstance(items[0], list) else [items[0]]), *items[1:]]


@builtin("concatenate", "list:*", many=True)
def _concatenate(budget: Budget, items: list[Any]) -> list[Any] | None:
    if not items or any(item is None for item in items):
        return None
    joined: list[Any] = []
    for item in items:
        joined += budget.sized(item) if isinstance(item, list) else [item]
    return joined


@builtin("union", "list:*", many=True)
def _union(budget: Budget, items: list[Any]) -> list[Any] | None:
    joined = _concatenate(budget, items)
    return None if joined is None else _distinct(budget, joined)


@builtin("distinct values", "list:l")
def _distinct(budget: Budget, items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if not any(equal(item, other, budget) is True for other in found):
            found.append(item)
    return found


@builtin("insert before", "list:l, position:n, newItem:*")
def _insert(budget: Budget, items: list[Any], position: Any, item: Any) -> list[Any]:
    at = _index(items, position)
    return [*items[:at], item, *items[at:]]


@builtin("remove", "list:l, position:n")
def _remove(budget: Budget, items: list[Any], position: Any) -> list[Any]:
    at = _index(items, position)
    return [*items[:at], *items[at + 1 :]]


@builtin("reverse", "list:l")
def _reverse(budget: Budget, items: list[Any]) -> list[Any]:
    return items[::-1]


@builtin("index of", "list:l, match:*")
def _index_of(budget: Budget, items: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(place) for place, item in enumerate(items, 1) if equal(item, match, budget) is True]


@builtin("flatten", "list:l")
def _flatten(budget: Budget, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for item in items:
        budget.spend()
        flat += _flatten(budget, item) if isinstance(item, list) else [item]
    return flat


@builtin("sort", "list:l, precedes:f?")
def _sort(budget: Budget, items: list[Any], precedes: Any = None) -> list[Any]:
    if precedes is None:
        return sorted(items, key=number)

    def order(a: Any, b: Any) -> int:
        budget.spend()
        return -1 if apply(precedes, [a, b], budget) is True else 1 if apply(precedes, [b, a], budget) is True else 0

    return sorted(items, key=functools.cmp_to_key(order))


@builtin("list replace", "list:l, position:n, newItem:*")
def _replace_at(budget: Budget, items: list[Any], position: Any, item: Any) -> list[Any]:
    at = _index(items, position)
    return [*items[:at], item, *items[at + 1 :]]


@builtin("list replace", "list:l, match:f, newItem:*")
def _replace_where(budget: Budget, items: list[Any], match: Any, item: Any) -> list[Any] | None:
    met = [apply(match, [old, item], budget) for old in items]
    if any(not isinstance(m, bool) for m in met):
        return None
    return [item if m else old for m, old in zip(met, items, strict=True)]


def _index(items: list[Any], position: Any) -> int:
    at = whole(position)
    if not 0 < abs(at) <= len(items):
        raise ValueError("outside the list")
    return at - 1 if at > 0 else len(items) + at


@builtin("get value", "m:c, key:s")
def _get(budget: Budget, context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@builtin("get value", "context:c, keys:l")
def _get_deep(budget: Budget, context: Any, keys: list[Any]) -> Any:
    if not keys:
        return None
    for key in keys:
        if not isinstance(context, dict) or not isinstance(key, str):
            return None
        context = context.get(key)
    return context


@builtin("get entries", "m:c")
def _entries(budget: Budget, context: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context put", "context:c, key:s, value:*")
def _put(budget: Budget, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    budget.spend(len(context))
    return {**context, key: value}


@builtin("context put", "context:c, keys:l, value:*")
def _put_deep(budget: Budget, context: dict[str, Any], keys: list[Any], value: Any) -> Any:
    if not keys or any(not isinstance(key, str) for key in keys):
        return None
    budget.spend(len(context))
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    put = _put_deep(budget, inner, keys[1:], value) if isinstance(inner, dict) else None
    return None if put is None else {**context, keys[0]: put}


@builtin("context merge", "contexts:l")
def _merge(budget: Budget, contexts: list[Any]) -> dict[str, Any] | None:
    merged: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        budget.spend(len(context))
        merged.update(context)
    return merged


@builtin("context", "entries:l")
def _context(budget: Budget, entries: list[Any]) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    for entry in entries:
        key = entry.get("key")
        if not isinstance(key, str) or "value" not in entry or key in made:
            return None
        made[key] = entry["value"]
    return made
