"""The functions every expression knows, and how functions are called.

Each is registered with its parameters and their kinds; wrong kinds give null. What a function touches
it pays for. The functions of the house (`due`, `working days`, ...) are handed in from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.feel.budget import Budget, BudgetSpent
from engine.feel.data import Function, kind

#: Every built-in function by its name.
BUILTINS: dict[str, Function] = {}

_LETTERS = {
    "n": ("number",), "s": ("string",), "b": ("boolean",), "l": ("list",), "c": ("context",), "r": ("range",),
    "d": ("date", "date and time"), "t": ("time", "date and time"), "f": ("function",),
    "u": ("days and time duration", "years and months duration"),
}  # fmt: skip
#: What Python raises where FEEL has null.
TROUBLE = (ArithmeticError, ValueError, OverflowError, TypeError, KeyError, IndexError, AttributeError, OSError)


class _Signature:
    """One way to call a function: `name:kind`, `?` may be left out, `*` anything, `0` may be null."""

    def __init__(self, params: str, do: Callable[..., Any], *, many: bool) -> None:
        pairs = [p.strip().rsplit(":", 1) for p in params.split(",")] if params else []
        self.names = tuple(name for name, _ in pairs)
        self.kinds = tuple(k for _, k in pairs)
        self.optional = sum("?" in k for k in self.kinds)
        self.do, self.many = do, many

    def call(self, budget: Budget, given: Sequence[Any]) -> tuple[bool, Any]:
        """Whether the arguments fit, and the result."""
        if self.many and not given:
            return False, None
        if self.many:
            items = given[0] if len(given) == 1 and isinstance(given[0], list) else list(given)
            budget.spend(len(items))
            return True, self._done(budget, [items])
        if not len(self.kinds) - self.optional <= len(given) <= len(self.kinds):
            return False, None
        fitted = []
        for wanted, value in zip(self.kinds, given, strict=False):
            fits, value = _fit(value, wanted)
            if not fits:
                return False, None
            fitted.append(value)
            if isinstance(value, list | str):
                budget.spend(1 + len(value) // (1 if isinstance(value, list) else 64))
        return True, self._done(budget, fitted)

    def could_take(self, kinds: Sequence[str | None]) -> bool:
        """Whether arguments of these kinds may fit; None: any."""
        if self.many:
            return bool(kinds)
        if not len(self.kinds) - self.optional <= len(kinds) <= len(self.kinds):
            return False
        return all(found is None or _may_fit(found, wanted) for wanted, found in zip(self.kinds, kinds, strict=False))

    def _done(self, budget: Budget, values: Sequence[Any]) -> Any:
        try:
            result = self.do(budget, *values)
        except BudgetSpent:
            raise
        except TROUBLE:
            return None
        return budget.sized(result) if isinstance(result, list | str) else result


def _fit(value: Any, wanted: str) -> tuple[bool, Any]:
    if wanted[0] == "*":
        return True, value
    if value is None:
        return "0" in wanted, None
    kinds = _LETTERS[wanted[0]]
    if kind(value) in kinds:
        return True, value
    if isinstance(value, list) and len(value) == 1 and kind(value[0]) in kinds:
        return True, value[0]
    if wanted[0] == "l":
        return True, [value]
    return False, None


def _may_fit(found: str, wanted: str) -> bool:
    """As `_fit`, knowing the kind alone: a list may hold the one value that is wanted."""
    if wanted[0] == "*" or found == "list":
        return True
    if found == "null":
        return "0" in wanted
    return wanted[0] == "l" or found in _LETTERS[wanted[0]]


_SIGNATURES: dict[str, list[_Signature]] = {}


def builtin(name: str, params: str = "", *, many: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register one way to call a built-in; the first that fits and gives something counts."""

    def register(do: Callable[..., Any]) -> Callable[..., Any]:
        ways = _SIGNATURES.setdefault(name, [])
        ways.append(_Signature(params, do, many=many))
        BUILTINS[name] = Function(ways[0].names, lambda budget, *given: _first(ways, budget, given), many=True)
        return do

    return register


def _first(ways: Sequence[_Signature], budget: Budget, given: Sequence[Any]) -> Any:
    for way in ways:
        fits, result = way.call(budget, given)
        if fits and result is not None:
            return result
    return None


def call_function(called: Function, given: Sequence[Any], named: Mapping[str, Any] | None, budget: Budget) -> Any:
    """Call by position or by name; null when the arguments do not fit."""
    if named is not None:
        return _by_name(called, named, budget)
    if not called.many and not len(called.params) - called.optional <= len(given) <= len(called.params):
        return None
    return called.call(budget, *given)


def _by_name(called: Function, named: Mapping[str, Any], budget: Budget) -> Any:
    name = next((n for n, f in BUILTINS.items() if f is called), None)
    for way in _SIGNATURES[name] if name else []:
        if not set(named) <= set(way.names):
            continue
        given = [named.get(n) for n in way.names]
        while given and way.names[len(given) - 1] not in named:
            given.pop()
        fits, result = way.call(budget, [given[0]] if way.many and given else given)
        if fits and result is not None:
            return result
    if name or set(named) != set(called.params):
        return None
    return called.call(budget, *(named[n] for n in called.params))


def parameters(name: str) -> frozenset[str]:
    """The names of the parameters of a built-in, in all ways to call it."""
    return frozenset(param for way in _SIGNATURES[name] for param in way.names)


def could_take(name: str, kinds: Sequence[str | None]) -> bool:
    """Whether a built-in could be called with arguments of these kinds, None being any, "null" null itself."""
    return any(way.could_take(kinds) for way in _SIGNATURES[name])


def apply(function: Any, values: Sequence[Any], budget: Budget) -> Any:
    """Call a function that was handed over as an argument."""
    budget.spend()
    return call_function(function, values, None, budget)


# Registration happens on import; these modules have no names of their own to give.
from engine.feel import lists, numbers, ranges, texts, times  # noqa: E402, F401
