"""A tree becomes closures, once; they are called many times. No `eval`, no way to a Python object."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.budget import DEEPEST, Budget, BudgetSpent
from engine.feel.builtins import BUILTINS, call_function
from engine.feel.data import Function, Range, Unequal, both, compare, either, equal, kind, number, reckon
from engine.feel.parts import part
from engine.feel.syntax import Node
from engine.values import YearsMonths


class Env:
    """Names in scope, inner over outer, and the budget they all spend from."""

    __slots__ = ("budget", "names", "outer")

    def __init__(self, names: Mapping[str, Any], outer: Env | None, budget: Budget) -> None:
        self.names, self.outer, self.budget = names, outer, budget


Built = Callable[[Env], Any]


def build(node: Node) -> Built:
    """The closure of an expression."""
    return _BUILDERS[node.op](node)


def build_tests(node: Node) -> Callable[[Env, Any], bool | None]:
    """The closure of unary tests: it takes the value that is tested."""
    if node.op == "any":
        return lambda env, value: True
    tests = _tests(node.parts)
    if node.op == "none of":

        def none_of(env: Env, value: Any) -> bool | None:
            met = _met(tests, value, env)
            return None if met is None else not met

        return none_of
    return lambda env, value: _met(tests, value, env)


def _value(node: Node) -> Built:
    value = node.parts[0]
    return lambda env: value


def _name(node: Node) -> Built:
    name = node.parts[0]
    builtin = BUILTINS.get(name)

    def find(env: Env) -> Any:
        scope: Env | None = env
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        if builtin is None:
            env.budget.warn(f"'{name}' is not known")
        return builtin

    return find


def _if(node: Node) -> Built:
    condition, then, other = map(build, node.parts)
    return lambda env: then(env) if condition(env) is True else other(env)


def _or(node: Node) -> Built:
    a, b = map(build, node.parts)

    def evaluate(env: Env) -> bool | None:
        x = a(env)
        return True if x is True else either(x if x is False else None, _truth(b(env)))

    return evaluate


def _and(node: Node) -> Built:
    a, b = map(build, node.parts)

    def evaluate(env: Env) -> bool | None:
        x = a(env)
        return False if x is False else both(x if x is True else None, _truth(b(env)))

    return evaluate


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def _compare(node: Node) -> Built:
    a, b = map(build, node.parts)
    op = node.op
    if op in ("=", "!="):

        def same(env: Env) -> bool | None:
            x, y = a(env), b(env)
            _pay(env, x, y)
            met = equal(x, y)
            return met if op == "=" or met is None else not met

        return same
    quick = _ORDER[op]

    def ordered(env: Env) -> bool | None:
        x, y = a(env), b(env)
        if type(x) is Decimal and type(y) is Decimal:
            return quick(x, y)
        met = compare(op, x, y)
        if met is None:
            env.budget.warn(f"cannot compare {kind(x)} {op} {kind(y)}")
        return met

    return ordered


def _pay(env: Env, *values: Any) -> None:
    for value in values:
        if isinstance(value, list | dict | str):
            env.budget.spend(_weight(value))


def _weight(value: Any) -> int:
    if isinstance(value, list):
        return 1 + sum(_weight(x) for x in value)
    if isinstance(value, dict):
        return 1 + sum(_weight(x) for x in value.values())
    return 1 + len(value) // 64 if isinstance(value, str) else 1


def _between(node: Node) -> Built:
    value, low, high = map(build, node.parts)

    def evaluate(env: Env) -> bool | None:
        x = value(env)
        return both(compare(">=", x, low(env)), compare("<=", x, high(env)))

    return evaluate


def _in(node: Node) -> Built:
    value, tests = build(node.parts[0]), _tests(node.parts[1])
    return lambda env: _met(tests, value(env), env)


def _arithmetic(node: Node) -> Built:
    a, b = map(build, node.parts)
    op = node.op

    def evaluate(env: Env) -> Any:
        x, y = a(env), b(env)
        result = reckon(op, x, y)
        if isinstance(result, str):
            return env.budget.sized(result)
        if result is None:
            env.budget.warn(f"cannot reckon {kind(x)} {op} {kind(y)}")
        return result

    return evaluate


def _negate(node: Node) -> Built:
    inner = build(node.parts[0])

    def evaluate(env: Env) -> Any:
        value = inner(env)
        match kind(value):
            case "number":
                return -number(value)
            case "years and months duration":
                return YearsMonths(-value.months)
            case "days and time duration":
                return -value
        return None

    return evaluate


def _path(node: Node) -> Built:
    inner, name = build(node.parts[0]), node.parts[1]

    def evaluate(env: Env) -> Any:
        value = inner(env)
        if isinstance(value, list):
            env.budget.spend(len(value))
        return part(value, name)

    return evaluate


def _filter(node: Node) -> Built:
    source, condition = map(build, node.parts)

    def evaluate(env: Env) -> Any:
        items = source(env)
        if items is None:
            return None
        if not isinstance(items, list):
            items = [items]
        kept = []
        for item in items:
            env.budget.spend()
            names = {"item": item, **item} if isinstance(item, dict) else {"item": item}
            met = condition(Env(names, env, env.budget))
            if kind(met) == "number":
                return _at_index(items, number(met))
            if met is True:
                kept.append(item)
        return kept

    return evaluate


def _at_index(items: Sequence[Any], index: Decimal) -> Any:
    if index != int(index) or not 0 < abs(index) <= len(items):
        return None
    return items[int(index) - 1 if index > 0 else int(index)]


def _call(node: Node) -> Built:
    function, given = build(node.parts[0]), [build(p) for p in node.parts[1]]
    named = [(name, build(p)) for name, p in node.parts[2]]
    name = node.parts[0].parts[0] if node.parts[0].op == "name" else "function"

    def evaluate(env: Env) -> Any:
        env.budget.spend()
        called = function(env)
        if isinstance(called, Range) and len(given) == 1:
            return called.has(given[0](env))
        if not isinstance(called, Function):
            env.budget.warn(f"'{name}' is not a function")
            return None
        values = [g(env) for g in given]
        result = call_function(called, values, {n: g(env) for n, g in named} if named else None, env.budget)
        if result is None:
            env.budget.warn(f"'{name}' gave null")
        return result

    return evaluate


def _range(node: Node) -> Built:
    low, high = build(node.parts[0]), build(node.parts[1])
    low_in, high_in = node.parts[2], node.parts[3]

    def evaluate(env: Env) -> Range | None:
        x, y = low(env), high(env)
        if (x is None and y is None) or (x is not None and y is not None and kind(x) != kind(y)):
            return None
        return Range(x, y, low_in, high_in)

    return evaluate


def _list(node: Node) -> Built:
    items = [build(p) for p in node.parts]
    return lambda env: env.budget.sized([item(env) for item in items])


def _context(node: Node) -> Built:
    entries = [(name, build(p)) for name, p in node.parts]

    def evaluate(env: Env) -> dict[str, Any] | None:
        made: dict[str, Any] = {}
        inner = Env(made, env, env.budget)
        for name, entry in entries:
            env.budget.spend()
            if name in made:
                return None
            made[name] = entry(inner)
        return made

    return evaluate


def _test(node: Node) -> Built:
    sign, inner = node.parts[0], build(node.parts[1])

    def evaluate(env: Env) -> Any:
        value = inner(env)
        if sign == "=":
            return Range(value, value)
        if sign == "!=":
            return Unequal(value)
        if value is None:
            return None
        return Range(None, value, False, sign == "<=") if sign[0] == "<" else Range(value, None, sign == ">=", False)

    return evaluate


def _tests(nodes: Sequence[Node]) -> list[tuple[Built, bool]]:
    return [(build(node), node.op != "test" and _asks(node)) for node in nodes]


def _asks(node: Any) -> bool:
    """Whether the tested value, `?`, occurs in it: then it is a condition and not a value."""
    if isinstance(node, Node):
        return (node.op == "name" and node.parts[0] == "?") or any(_asks(p) for p in node.parts)
    return isinstance(node, tuple) and any(_asks(p) for p in node)


def _met(tests: Sequence[tuple[Built, bool]], value: Any, env: Env) -> bool | None:
    result: bool | None = False
    for test, asks in tests:
        env.budget.spend()
        found = test(Env({"?": value}, env, env.budget))
        met = _truth(found) if asks else _hit(value, found)
        if met is True:
            return True
        if met is None:
            result = None
    return result


def _hit(value: Any, wanted: Any) -> bool | None:
    if isinstance(wanted, Range):
        if wanted.low is wanted.high and wanted.low_in and wanted.high_in:
            return equal(value, wanted.low)
        if isinstance(value, Range):
            return equal(value, wanted)
        return False if isinstance(value, list) else wanted.has(value)
    if isinstance(wanted, Unequal):
        met = equal(value, wanted.value)
        return None if met is None else not met
    if isinstance(wanted, list):
        if isinstance(value, list) and equal(value, wanted) is True:
            return True
        return any(_hit(value, one) is True for one in wanted)
    if wanted is True and not isinstance(value, bool):
        return True if value is not None else None
    return equal(value, wanted)


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
        first, last = int(low), int(high)
        step = 1 if first <= last else -1
        first, last = first + (0 if span.low_in else step), last - (0 if span.high_in else step)
        budget.spend(abs(last - first) + 1)
        return [Decimal(n) for n in range(first, last + step, step)]
    if type(low) is date and type(high) is date:
        days = (high - low).days
        budget.spend(abs(days) + 1)
        step = 1 if days >= 0 else -1
        return [low + timedelta(days=n) for n in range(0, days + step, step)]
    return None


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


def _for(node: Node) -> Built:
    loops, body = _built_loops(node.parts[0]), build(node.parts[1])

    def evaluate(env: Env) -> list[Any] | None:
        made: list[Any] = []
        more = {"partial": made}
        for names in _bindings(loops, env, {}, more):
            if names is None:
                return None
            made.append(body(Env({"partial": made, **names}, env, env.budget)))
        return env.budget.sized(list(made))  # type: ignore[no-any-return]

    return evaluate


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


def _function(node: Node) -> Built:
    params = tuple(name for name, _ in node.parts[0])
    types = [of for _, of in node.parts[0]]
    body = build(node.parts[1])

    def make(env: Env) -> Function:
        def call(budget: Budget, *given: Any) -> Any:
            budget.depth += 1
            budget.spend()
            if budget.depth > DEEPEST:
                raise BudgetSpent()
            try:
                values = [g if of is None else _fitted(g, of) for g, of in zip(given, types, strict=False)]
                return body(Env(dict(zip(params, values, strict=False)), env, budget))
            finally:
                budget.depth -= 1

        return Function(params, call)

    return make


def _fitted(value: Any, of: Node) -> Any:
    if value is None or is_of(value, of):
        return value
    if isinstance(value, list) and len(value) == 1 and is_of(value[0], of):
        return value[0]
    return [value] if is_of([value], of) else None


def _instance(node: Node) -> Built:
    inner, of = build(node.parts[0]), node.parts[1]
    return lambda env: is_of(inner(env), of)


def is_of(value: Any, of: Node) -> bool:
    """Whether a value is of a type."""
    name, inner = of.parts
    if name == "Any":
        return value is not None
    if name == "Null":
        return value is None
    if kind(value) != name:
        return False
    if inner is None:
        return True
    if name == "list":
        return all(is_of(x, inner) for x in value)
    if name == "range":
        return all(end is None or is_of(end, inner) for end in (value.low, value.high))
    if name == "context":
        return all(key in value and (value[key] is None or is_of(value[key], t)) for key, t in inner)
    return bool(len(value.params) == inner)


_BUILDERS: Mapping[str, Callable[[Node], Built]] = {
    "value": _value, "name": _name, "if": _if, "or": _or, "and": _and, "between": _between, "in": _in,
    "negate": _negate, "path": _path, "filter": _filter, "call": _call, "range": _range, "list": _list,
    "context": _context, "test": _test, "for": _for, "some": _quantified, "every": _quantified,
    "function": _function, "instance of": _instance,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), _compare),
    **dict.fromkeys(("+", "-", "*", "/", "**"), _arithmetic),
}  # fmt: skip
