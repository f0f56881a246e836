"""What goes through lists: `for`, `some`, `every`, filters. Each turn is paid for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.budget import Budget, BudgetSpent
from engine.feel.data import Range, both, either, kind, number
from engine.feel.environment import Built, Env, build, builds
from engine.feel.tree import Node

#: Most digits of a number that is counted from or to.
_FARTHEST = 30


@builds("filter")
def _filter(node: Node) -> Built:
    source, condition = map(build, node.parts)

    def evaluate(env: Env) -> Any:
        items = source(env)
        if items is None:
            return None
        if not isinstance(items, list):
            items = [items]
        if not items:
            return _of_nothing(condition, env)
        kept = []
        for item in items:
            env.budget.spend()
            inner = Env({"item": item}, env, env.budget)
            met = condition(Env(item, inner, env.budget) if isinstance(item, dict) else inner)
            if kind(met) == "number":
                return _at_index(items, number(met))
            if met is True:
                kept.append(item)
        return kept

    return evaluate


def _of_nothing(condition: Built, env: Env) -> Any:
    """A place in an empty list is null, a choice from it the empty list: what is asked tells which."""
    noted = len(env.budget.warnings)
    asked = condition(Env({"item": None}, env, env.budget))
    del env.budget.warnings[noted:]
    return None if kind(asked) == "number" else []


def _at_index(items: Sequence[Any], index: Decimal) -> Any:
    if not 0 < abs(index) <= len(items) or index != int(index):
        return None
    return items[int(index) - 1 if index > 0 else int(index)]


def _domain(env: Env, first: Built, last: Built | None) -> list[Any] | None:
    found = first(env)
    if last is not None:
        found = Range(found, last(env))
    if isinstance(found, Range):
        return _counted(found, env.budget)
    if found is None:
        return None
    return found if isinstance(found, list) else [found]


def _counted(span: Range, budget: Budget) -> list[Any] | None:
    low, high = span.low, span.high
    if kind(low) == kind(high) == "number":
        if max(number(low).adjusted(), number(high).adjusted()) > _FARTHEST:
            raise BudgetSpent()
        if low != int(low) or high != int(high):
            return None  # from one whole number to another, says the standard: to cut them off would go on in silence
        return [Decimal(n) for n in _steps(int(low), int(high), span, budget)]
    if type(low) is date and type(high) is date:
        return [low + timedelta(days=n) for n in _steps(0, (high - low).days, span, budget)]
    return None


def _steps(first: int, last: int, span: Range, budget: Budget) -> range:
    """From the one to the other, upwards or downwards, without an end that the range leaves out."""
    step = 1 if first <= last else -1
    first, last = first + (0 if span.low_in else step), last - (0 if span.high_in else step)
    budget.spend(abs(last - first) + 1)
    return range(first, last + step, step)


def _bindings(
    loops: Sequence[Any], env: Env, names: dict[str, Any], more: dict[str, Any]
) -> Iterator[dict[str, Any] | None]:
    """Every combination of the loop names; None when a domain is no list."""
    if not loops:
        yield names
        return
    (name, first, last), rest = loops[0], loops[1:]
    domain = _domain(Env({**more, **names}, env, env.budget), first, last)
    if domain is None:
        yield None
        return
    for item in domain:
        env.budget.spend()
        yield from _bindings(rest, env, {**names, name: item}, more)


def _built_loops(parts: Sequence[Any]) -> list[tuple[str, Built, Built | None]]:
    return [(name, build(first), build(last) if last is not None else None) for name, first, last in parts]


def _reads(node: Any, name: str) -> bool:
    if isinstance(node, Node):
        return (node.op == "name" and node.parts[0] == name) or _reads(node.parts, name)
    return isinstance(node, tuple) and any(_reads(part, name) for part in node)


@builds("for")
def _for(node: Node) -> Built:
    loops, body = _built_loops(node.parts[0]), build(node.parts[1])
    looks_back = _reads(node.parts[1], "partial")

    def evaluate(env: Env) -> list[Any] | None:
        made: list[Any] = []
        for names in _bindings(loops, env, {}, {}):
            if names is None:
                return None
            # A copy, because a list that grew after it was kept would hold itself.
            before = {"partial": env.budget.sized(list(made)), **names} if looks_back else names
            made.append(body(Env(before, env, env.budget)))
        return env.budget.sized(made)

    return evaluate


@builds("some", "every")
def _quantified(node: Node) -> Built:
    loops, body = _built_loops(node.parts[0]), build(node.parts[1])
    every = node.op == "every"

    def evaluate(env: Env) -> bool | None:
        result: bool | None = every
        for names in _bindings(loops, env, {}, {}):
            met = None if names is None else body(Env(names, env, env.budget))
            if names is None or (met is not None and not isinstance(met, bool)):
                return None
            result = both(result, met) if every else either(result, met)
            if result is not every and result is not None:
                return result
        return result

    return evaluate
