"""Unary tests: what the cells of a decision table and `in` ask of a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.feel.data import Range, Unequal, equal
from engine.feel.environment import Built, Env, build, builds, truth
from engine.feel.tree import Node


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


@builds("in")
def _in(node: Node) -> Built:
    value, tests = build(node.parts[0]), _tests(node.parts[1])
    return lambda env: _met(tests, value(env), env)


@builds("test")
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


#: A test, whether it asks about `?`, whether null from it means that it failed and not that null is wanted.
_Test = tuple[Built, bool, bool]


def _tests(nodes: Sequence[Node]) -> list[_Test]:
    return [(build(n), n.op != "test" and _asks(n), n.op in ("test", "range")) for n in nodes]


def _asks(node: Any) -> bool:
    """Whether the tested value, `?`, occurs in it: then it is a condition and not a value."""
    if isinstance(node, Node):
        return (node.op == "name" and node.parts[0] == "?") or any(_asks(p) for p in node.parts)
    return isinstance(node, tuple) and any(_asks(p) for p in node)


def _met(tests: Sequence[_Test], value: Any, env: Env) -> bool | None:
    result: bool | None = False
    for test, asks, fails in tests:
        env.budget.spend()
        found = test(Env({"?": value}, env, env.budget))
        met = truth(found) if asks or (fails and found is None) else _hit(value, found, env)
        if met is True:
            return True
        if met is None:
            result = None
    return result


def _hit(value: Any, wanted: Any, env: Env) -> bool | None:
    env.budget.spend()
    if isinstance(wanted, Range):
        if wanted.low is wanted.high and wanted.low_in and wanted.high_in:
            return equal(value, wanted.low, env.budget)
        if isinstance(value, Range):
            return equal(value, wanted, env.budget)
        return False if isinstance(value, list) else wanted.has(value)
    if isinstance(wanted, Unequal):
        met = equal(value, wanted.value, env.budget)
        return None if met is None else not met
    if isinstance(wanted, list):
        if isinstance(value, list) and equal(value, wanted, env.budget) is True:
            return True
        return any(_hit(value, one, env) is True for one in wanted)
    if wanted is True and not isinstance(value, bool):
        return True if value is not None else None
    return equal(value, wanted, env.budget)
