"""Expressions ready to run, and what they run with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from engine.errors import EngineError
from engine.feel.budget import Budget, BudgetSpent
from engine.feel.building import Env, build, build_tests
from engine.feel.builtins import BUILTINS
from engine.feel.data import Function
from engine.feel.parts import SPACED_PARTS
from engine.feel.syntax import Node, Parser
from engine.values import Value

#: Functions of the house, handed in by the run: their names must be known to the parser.
HOUSE = (
    "due", "warn", "working days", "working hours", "next working day", "param", "milestone", "done by",
    "elapsed working days", "now", "today",
)  # fmt: skip
_SPACED = frozenset(n for n in (*BUILTINS, *HOUSE, *SPACED_PARTS) if " " in n)


class NotABoolean(EngineError):
    """The condition {text} is neither true nor false but {found}{why}."""

    zh = "条件 {text} 的结果既不是真也不是假，而是 {found}{why}。"


@dataclass(frozen=True)
class Context:
    """What an expression runs with besides the names in its scope."""

    #: The moment it is evaluated as of, aware.
    now: datetime
    #: Functions of the house: name -> (parameter names, function); each returns a value or None.
    functions: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    budget: Budget | None = None
    zone: str = "Asia/Shanghai"

    def names(self) -> dict[str, Function]:
        """The functions as expressions see them."""
        local = self.now.astimezone(ZoneInfo(self.zone))
        house = {name: _of_the_house(do) for name, do in self.functions.items()}
        house["now"] = Function((), lambda budget: local)
        house["today"] = Function((), lambda budget: local.date())
        return house


def _of_the_house(do: Callable[..., Value]) -> Function:
    def call(budget: Budget, *given: Any) -> Any:
        budget.spend(50)
        return do(*given)

    return Function((), call, many=True)


@dataclass(frozen=True)
class Result:
    """A value, and why it is null where it is."""

    value: Value
    warnings: tuple[str, ...] = ()


class Compiled:
    """One expression, or one list of unary tests, ready to run."""

    def __init__(self, text: str, ast: Node, *, unary: bool) -> None:
        self.text, self.ast, self.unary = text, ast, unary
        self._tests = build_tests(ast) if unary else None
        self._value = None if unary else build(ast)
        #: Names it reads from its scope, as paths: "loss", "case.number".
        self.used: frozenset[str] = frozenset(_used(ast, frozenset()))
        #: Functions it calls, built-in ones included.
        self.calls: frozenset[str] = frozenset(_calls(ast))

    def run(self, scope: Mapping[str, Value], *, context: Context) -> Result:
        """Evaluate.

        Raises:
            BudgetSpent.
        """
        assert self._value is not None, "unary tests are asked with `test`"
        env = _env(scope, context)
        try:
            value = self._value(env)
        except RecursionError as error:
            raise BudgetSpent() from error
        return Result(value, tuple(env.budget.warnings))

    def test(self, value: Value, scope: Mapping[str, Value], *, context: Context) -> bool:
        """Whether a value passes the unary tests.

        Raises:
            BudgetSpent.
        """
        assert self._tests is not None, "an expression is evaluated with `run`"
        try:
            return self._tests(_env(scope, context), value) is True
        except RecursionError as error:
            raise BudgetSpent() from error


def _env(scope: Mapping[str, Value], context: Context) -> Env:
    budget = context.budget or Budget()
    return Env(scope, Env(context.names(), None, budget), budget)


def compile(text: str, *, names: Iterable[str] = (), mode: Literal["expression", "unary"] = "expression") -> Compiled:
    """Read an expression once.

    Args:
        names: names in scope that hold blanks or signs; others need not be told.

    Raises:
        FeelSyntaxError: with line and column.
    """
    return _compile(text, frozenset(names) | _SPACED, mode)


@lru_cache(maxsize=4096)
def _compile(text: str, names: frozenset[str], mode: str) -> Compiled:
    parser = Parser(text, names)
    unary = mode == "unary"
    return Compiled(text, parser.unary() if unary else parser.expression(), unary=unary)


def run_condition(compiled: Compiled, scope: Mapping[str, Value], *, context: Context) -> bool:
    """Evaluate a condition.

    Raises:
        NotABoolean: it is null or of another kind; null is not "false".
        BudgetSpent.
    """
    result = compiled.run(scope, context=context)
    if not isinstance(result.value, bool):
        why = f" ({'; '.join(result.warnings)})" if result.warnings else ""
        raise NotABoolean(text=compiled.text, found=_shown(result.value), why=why)
    return result.value


def _shown(value: Value) -> str:
    return "null" if value is None else repr(value)[:80]


def literal_or_expression(text: str) -> tuple[bool, str]:
    """Zeebe's rule: (True, expression) after "=", else (False, literal)."""
    stripped = text.strip()
    return (True, stripped[1:].strip()) if stripped.startswith("=") else (False, text)


def _used(node: Any, bound: frozenset[str]) -> Iterator[str]:
    """Names read from outside the expression."""
    if isinstance(node, tuple):
        for part in node:
            yield from _used(part, bound)
    if not isinstance(node, Node):
        return
    match node.op:
        case "name":
            name = node.parts[0]
            if name not in bound and name not in BUILTINS and name not in HOUSE and name != "?":
                yield name
        case "path":
            path = _path(node)
            if path and path[0] not in bound and path[0] not in BUILTINS:
                yield ".".join(path)
            elif not path:
                yield from _used(node.parts[0], bound)
        case "for" | "some" | "every":
            inner = bound | {"partial"}
            for name, first, last in node.parts[0]:
                yield from _used((first, last), inner)
                inner |= {name}
            yield from _used(node.parts[1], inner)
        case "function":
            yield from _used(node.parts[1], bound | {name for name, _ in node.parts[0]})
        case "context":
            inner = bound
            for name, entry in node.parts:
                yield from _used(entry, inner)
                inner |= {name}
        case "filter":
            yield from _used(node.parts[0], bound)
            # Inside a filter a plain name may be an entry of the item: only its paths tell.
            yield from (n for n in _used(node.parts[1], bound | {"item"}) if "." in n and not n.startswith("item."))
        case "value" | "type":
            return
        case _:
            yield from _used(node.parts, bound)


def _path(node: Node) -> list[str]:
    if node.op == "name":
        return [node.parts[0]]
    if node.op != "path":
        return []
    before = _path(node.parts[0])
    return [*before, node.parts[1]] if before else []


def _calls(node: Any) -> Iterator[str]:
    if isinstance(node, tuple):
        for part in node:
            yield from _calls(part)
    elif isinstance(node, Node):
        if node.op == "call" and node.parts[0].op == "name":
            yield node.parts[0].parts[0]
        yield from _calls(node.parts)
