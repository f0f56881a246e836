"""Functions: made and called."""

from __future__ import annotations

from typing import Any

from engine.feel.budget import Budget
from engine.feel.builtins import BUILTINS, call_function
from engine.feel.conforming import fit, is_of
from engine.feel.data import Function, Range, kind
from engine.feel.environment import Built, Env, build, builds
from engine.feel.tree import Node, depth_of


@builds("call")
def _call(node: Node) -> Built:
    function, given = _looked_up(node.parts[0]), [build(p) for p in node.parts[1]]
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


def _looked_up(node: Node) -> Built:
    """What is called: a value of that name that is no function does not hide the function of that name, so that a field
    called `number` or `due` takes nothing away.
    """
    find = build(node)
    if node.op != "name":
        return find
    name, builtin = node.parts[0], BUILTINS.get(node.parts[0])

    def look(env: Env) -> Any:
        found = find(env)
        if isinstance(found, Function | Range):
            return found
        scope: Env | None = env
        while scope is not None:
            if isinstance(further := scope.names.get(name), Function):
                return further
            scope = scope.outer
        return found if builtin is None else builtin

    return look


@builds("function")
def _function(node: Node) -> Built:
    params = tuple(name for name, _ in node.parts[0])
    types = [of for _, of in node.parts[0]]
    body, weight = build(node.parts[1]), depth_of(node.parts[1])

    def make(env: Env) -> Function:
        def call(budget: Budget, *given: Any) -> Any:
            budget.spend()
            with budget.deeper(weight):
                values = [g if of is None else fit(g, of, budget)[1] for g, of in zip(given, types, strict=False)]
                return body(Env(dict(zip(params, values, strict=False)), env, budget))

        return Function(params, call)

    return make


@builds("as")
def _as(node: Node) -> Built:
    """A value as a type wants it: what a box of DMN is declared to give."""
    inner, of = build(node.parts[0]), node.parts[1]

    def evaluate(env: Env) -> Any:
        fits, value = fit(inner(env), of, env.budget)
        if not fits:
            env.budget.warn(node.at, "值与所声明的类型不符", "the value is not of the declared type")
        return value

    return evaluate


@builds("instance of")
def _instance(node: Node) -> Built:
    inner, of = build(node.parts[0]), node.parts[1]
    return lambda env: is_of(inner(env), of, env.budget)
