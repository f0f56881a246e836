"""A tree becomes closures, once; they are called many times. No `eval`, no way to a Python object."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel import calling, cells, loops  # noqa: F401 - they register what they build
from engine.feel.budget import CHARACTERS, Budget
from engine.feel.builtins import BUILTINS
from engine.feel.data import Range, both, compare, either, equal, kind, number, reckon
from engine.feel.environment import Built, Env, build, builds, truth
from engine.feel.parts import part
from engine.feel.tree import Node
from engine.values import YearsMonths


@builds("value")
def _value(node: Node) -> Built:
    value = node.parts[0]
    return lambda env: value


@builds("name")
def _name(node: Node) -> Built:
    name, at = node.parts[0], node.at
    builtin = BUILTINS.get(name)

    def find(env: Env) -> Any:
        scope: Env | None = env
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        if builtin is None:
            env.budget.warn(at, f"没有“{name}”这个名称", f"'{name}' is not known")
        return builtin

    return find


@builds("if")
def _if(node: Node) -> Built:
    condition, then, other = map(build, node.parts)
    return lambda env: then(env) if condition(env) is True else other(env)


@builds("or")
def _or(node: Node) -> Built:
    a, b = map(build, node.parts)

    def evaluate(env: Env) -> bool | None:
        x = a(env)
        return True if x is True else either(x if x is False else None, truth(b(env)))

    return evaluate


@builds("and")
def _and(node: Node) -> Built:
    a, b = map(build, node.parts)

    def evaluate(env: Env) -> bool | None:
        x = a(env)
        return False if x is False else both(x if x is True else None, truth(b(env)))

    return evaluate


_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


@builds("=", "!=", "<", "<=", ">", ">=")
def _compare(node: Node) -> Built:
    a, b = map(build, node.parts)
    op, at = node.op, node.at
    if op in ("=", "!="):

        def same(env: Env) -> bool | None:
            met = equal(a(env), b(env), env.budget)
            return met if op == "=" or met is None else not met

        return same
    quick = _ORDER[op]

    def ordered(env: Env) -> bool | None:
        x, y = a(env), b(env)
        if type(x) is Decimal and type(y) is Decimal:
            return quick(x, y)
        if type(x) is str and type(y) is str:
            env.budget.spend(1 + min(len(x), len(y)) // CHARACTERS)
        met = compare(op, x, y)
        if met is None:
            env.budget.warn(at, *_told("比较", "compare", op, x, y))
        return met

    return ordered


def _told(verb_zh: str, verb_en: str, op: str, x: Any, y: Any) -> tuple[str, str]:
    said = f"{kind(x)} {op} {kind(y)}"
    return f"无法{verb_zh}：{said}", f"cannot {verb_en} {said}"


@builds("between")
def _between(node: Node) -> Built:
    value, low, high = map(build, node.parts)

    def evaluate(env: Env) -> bool | None:
        x = value(env)
        return both(compare(">=", x, low(env)), compare("<=", x, high(env)))

    return evaluate


#: Steps of a power: one with a fraction takes as long as so many others.
_POWER = 40


@builds("+", "-", "*", "/", "**")
def _arithmetic(node: Node) -> Built:
    a, b = map(build, node.parts)
    op, at = node.op, node.at

    def evaluate(env: Env) -> Any:
        x, y = a(env), b(env)
        if op == "**":
            env.budget.spend(_POWER)
        result = reckon(op, x, y)
        if isinstance(result, str):
            return env.budget.sized(result)
        if result is None:
            env.budget.warn(at, *_told("计算", "reckon", op, x, y))
        return result

    return evaluate


@builds("negate")
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


def _parts(items: list[Any], name: str, budget: Budget) -> list[Any]:
    """The part of each item, lists inside included; each is paid for, because lists may share what is in them."""
    budget.spend(1 + len(items))
    return [_parts(item, name, budget) if isinstance(item, list) else part(item, name) for item in items]


@builds("path")
def _path(node: Node) -> Built:
    inner, name = build(node.parts[0]), node.parts[1]

    def evaluate(env: Env) -> Any:
        value = inner(env)
        return _parts(value, name, env.budget) if isinstance(value, list) else part(value, name)

    return evaluate


@builds("range")
def _range(node: Node) -> Built:
    low, high = build(node.parts[0]), build(node.parts[1])
    low_in, high_in, at = node.parts[2], node.parts[3], node.at

    def evaluate(env: Env) -> Range | None:
        x, y = low(env), high(env)
        if x is None or y is None or kind(x) != kind(y):
            env.budget.warn(at, *_told("取范围", "make a range of", "..", x, y))
            return None
        return Range(x, y, low_in, high_in)

    return evaluate


@builds("list")
def _list(node: Node) -> Built:
    items = [build(p) for p in node.parts]
    return lambda env: env.budget.sized([item(env) for item in items])


@builds("context")
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
