"""Functions: made, called, and what a value must be to fit a parameter."""

from __future__ import annotations

from typing import Any

from engine.feel.budget import Budget
from engine.feel.builtins import call_function
from engine.feel.data import Function, Range, kind
from engine.feel.environment import Built, Env, build, builds
from engine.feel.tree import Node, depth_of


@builds("call")
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
            env.budget.warn(node.at, f"“{name}”不是函数", f"'{name}' is not a function")
            return None
        values = [g(env) for g in given]
        result = call_function(called, values, {n: g(env) for n, g in named} if named else None, env.budget)
        if result is None:
            given_kinds = ", ".join(kind(value) for value in values) or "-"
            env.budget.warn(node.at, f"{name}({given_kinds}) 没有结果", f"{name}({given_kinds}) gave null")
        return result

    return evaluate


@builds("function")
def _function(node: Node) -> Built:
    params = tuple(name for name, _ in node.parts[0])
    types = [of for _, of in node.parts[0]]
    body, weight = build(node.parts[1]), depth_of(node.parts[1])

    def make(env: Env) -> Function:
        def call(budget: Budget, *given: Any) -> Any:
            budget.spend()
            with budget.deeper(weight):
                values = [g if of is None else _fitted(g, of, budget) for g, of in zip(given, types, strict=False)]
                return body(Env(dict(zip(params, values, strict=False)), env, budget))

        return Function(params, call)

    return make


def _fitted(value: Any, of: Node, budget: Budget) -> Any:
    if value is None or is_of(value, of, budget):
        return value
    if isinstance(value, list) and len(value) == 1 and is_of(value[0], of, budget):
        return value[0]
    return [value] if is_of([value], of, budget) else None


@builds("instance of")
def _instance(node: Node) -> Built:
    inner, of = build(node.parts[0]), node.parts[1]
    return lambda env: is_of(inner(env), of, env.budget)


def is_of(value: Any, of: Node, budget: Budget) -> bool:
    """Whether a value is of a type; every element that is looked at is paid for."""
    budget.spend()
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
        return all(is_of(x, inner, budget) for x in value)
    if name == "range":
        return all(end is None or is_of(end, inner, budget) for end in (value.low, value.high))
    if name == "context":
        return all(key in value and (value[key] is None or is_of(value[key], t, budget)) for key, t in inner)
    return bool(len(value.params) == inner)
