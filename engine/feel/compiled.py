"""Expressions ready to run, and what they run with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from engine.errors import EngineError
from engine.feel import building  # noqa: F401 - registers what it builds
from engine.feel.budget import DEEPEST_TREE, Budget, BudgetSpent
from engine.feel.builtins import BUILTINS, TROUBLE
from engine.feel.cells import build_tests
from engine.feel.data import Function, kind
from engine.feel.environment import Env, build
from engine.feel.house import HOUSE
from engine.feel.kinds import kind_of
from engine.feel.nulls import nulls_of
from engine.feel.parts import SPACED_PARTS
from engine.feel.reading import functions_called, literals_given, names_read
from engine.feel.syntax import Parser
from engine.feel.temporal import written
from engine.feel.tree import FeelSyntaxError, Node, depth_of, place
from engine.values import Value

_SCALARS = frozenset({type(None), bool, int, Decimal, date, datetime, time, timedelta})
_SPACED = frozenset(n for n in (*BUILTINS, *HOUSE, *SPACED_PARTS) if " " in n)


class NotABoolean(EngineError):
    """The condition {text} is neither true nor false but {found}{why}."""

    zh = "条件 {text} 的结果既不是真也不是假，而是 {found}{why_zh}。"


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
        """The functions as expressions see them; made once per context."""
        made: dict[str, Function] | None = self.__dict__.get("_made")
        if made is None:
            # The context is frozen for its users; what follows from it may be kept.
            made = self.__dict__["_made"] = self._functions()
        return made

    def _functions(self) -> dict[str, Function]:
        local = self.now.astimezone(ZoneInfo(self.zone))
        house = {name: _of_the_house(do) for name, do in self.functions.items()}
        house["now"] = Function((), lambda budget: local)
        house["today"] = Function((), lambda budget: local.date())
        return house


def _of_the_house(do: Callable[..., Value]) -> Function:
    def call(budget: Budget, *given: Any) -> Any:
        budget.spend(50)
        try:
            return do(*given)
        except TROUBLE:
            # Too few arguments, or of the wrong kind: null, as with every other function.
            return None

    return Function((), call, many=True)


@dataclass(frozen=True)
class Why:
    """Why something became null, and where in the text."""

    line: int
    column: int
    zh: str
    en: str

    def text(self, lang: str) -> str:
        """The reason in the reader's language."""
        if lang.startswith("zh"):
            return f"第 {self.line} 行第 {self.column} 列：{self.zh}"
        return f"line {self.line}, column {self.column}: {self.en}"

    def __str__(self) -> str:
        return self.text("en")


@dataclass(frozen=True)
class Result:
    """A value, and why it is null, or something in it is."""

    value: Value
    warnings: tuple[Why, ...] = ()


class Compiled:
    """One expression, or one list of unary tests, ready to run."""

    def __init__(self, text: str, ast: Node, *, unary: bool) -> None:
        self.text, self.ast, self.unary = text, ast, unary
        self._tests = build_tests(ast) if unary else None
        self._value = None if unary else build(ast)
        #: Names it reads from its scope, as paths: "loss", "case.number".
        read = set(names_read(ast))
        self.used: frozenset[str] = frozenset(name for name, sure in read if sure)
        #: Names that stand in filters: entries of the items, or names of its scope. Whoever guards data counts them.
        self.perhaps: frozenset[str] = frozenset(name for name, sure in read if not sure)
        #: Functions it calls, built-in ones included.
        self.calls: frozenset[str] = frozenset(functions_called(ast))

    def run(self, scope: Mapping[str, Value], *, context: Context) -> Result:
        """Evaluate.

        Raises:
            BudgetSpent.
        """
        assert self._value is not None, "unary tests are asked with `test`"
        env = _env(scope, context)
        noted = len(env.budget.warnings)
        try:
            value = self._value(env)
            if type(value) not in _SCALARS:
                env.budget.leave(value)
        except RecursionError as error:
            raise BudgetSpent() from error
        return Result(value, tuple(self._why(*why) for why in env.budget.warnings[noted:]))

    def type(self, types: Mapping[str, str]) -> str | None:
        """The type of its value ("number", "boolean", "date and time", ...), given those of names; None if not known."""
        return "boolean" if self.unary else kind_of(self.ast, types)

    def named_in_calls(self, function: str) -> frozenset[str]:
        """The texts that stand as first argument in calls of a function."""
        return frozenset(literals_given(self.ast, function))

    def nulls(self, types: Mapping[str, str]) -> tuple[Why, ...]:
        """Places in it that can only be null because of a mistake, given the types of names as far as they are known."""
        return tuple(self._why(*told) for told in nulls_of(self.ast, types, self.text))

    def _why(self, at: int, zh: str, en: str) -> Why:
        return Why(*place(self.text, at), zh, en)

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


def compile(
    text: str, *, names: Iterable[str] = (), mode: Literal["expression", "unary"] = "expression",
    types: Mapping[str, Node] | None = None,
) -> Compiled:  # fmt: skip
    """Read an expression once.

    Args:
        names: names in scope that hold blanks or signs; others need not be told.
        types: types that may be named besides those of FEEL.

    Raises:
        FeelSyntaxError: with line and column.
    """
    return _compile(text, frozenset(names) | _SPACED, mode, tuple(sorted((types or {}).items(), key=lambda row: row[0])))


@lru_cache(maxsize=4096)
def _compile(text: str, names: frozenset[str], mode: str, types: tuple[tuple[str, Node], ...]) -> Compiled:
    unary = mode == "unary"
    try:
        parser = Parser(text, names, dict(types))
        tree = parser.unary() if unary else parser.expression()
        if depth_of(tree) > DEEPEST_TREE:
            raise FeelSyntaxError("表达式过长，请拆分", "the expression is too long a chain; split it", text, 0)
        return Compiled(text, tree, unary=unary)
    except RecursionError as error:
        raise FeelSyntaxError("表达式嵌套过深", "the expression is nested too deeply", text, 0) from error


def run_condition(compiled: Compiled, scope: Mapping[str, Value], *, context: Context) -> bool:
    """Evaluate a condition.

    Raises:
        NotABoolean: it is null or of another kind; null is not "false".
        BudgetSpent.
    """
    result = compiled.run(scope, context=context)
    if not isinstance(result.value, bool):
        en = f" ({'; '.join(w.text('en') for w in result.warnings)})" if result.warnings else ""
        zh = f"（{'；'.join(w.text('zh') for w in result.warnings)}）" if result.warnings else ""
        raise NotABoolean(text=compiled.text, found=_shown(result.value), why=en, why_zh=zh)
    return result.value


def _shown(value: Value) -> str:
    if isinstance(value, list | dict):
        return f"{kind(value)} ({len(value)})"
    return (written(value, True) or kind(value))[:80]


def literal_or_expression(text: str) -> tuple[bool, str]:
    """Zeebe's rule: (True, expression) after "=", else (False, literal)."""
    stripped = text.strip()
    return (True, stripped[1:].strip()) if stripped.startswith("=") else (False, text)
