"""Built-ins on numbers: exact decimals, the rounding the reader names."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    localcontext,
)
from typing import Any

from engine.feel.budget import Budget
from engine.feel.builtins import builtin
from engine.feel.data import D34, number, whole
from engine.values import YearsMonths

#: Steps of a function that is reckoned in many rounds.
_COSTLY = 10


def _rounded(mode: str) -> Callable[..., Decimal | None]:
    def do(budget: Budget, value: Any, scale: Any = None) -> Decimal | None:
        budget.spend(5)
        places = whole(scale or 0)
        if not -6111 <= places <= 6176:
            return None
        with localcontext(Context(prec=6200)):
            return number(value).quantize(Decimal(1).scaleb(-places), rounding=mode) + 0

    return do


for _name, _mode, _scale in (
    ("decimal", ROUND_HALF_EVEN, "n"),
    ("round up", ROUND_UP, "n"),
    ("round down", ROUND_DOWN, "n"),
    ("round half up", ROUND_HALF_UP, "n"),
    ("round half down", ROUND_HALF_DOWN, "n"),
    ("floor", ROUND_FLOOR, "n?"),
    ("ceiling", ROUND_CEILING, "n?"),
):
    builtin(_name, f"n:n, scale:{_scale}")(_rounded(_mode))


@builtin("abs", "n:n")
def _abs(budget: Budget, value: Any) -> Decimal:
    return abs(number(value))


@builtin("abs", "n:u")
def _abs_span(budget: Budget, value: Any) -> Any:
    return YearsMonths(abs(value.months)) if isinstance(value, YearsMonths) else abs(value)


@builtin("modulo", "dividend:n, divisor:n")
def _modulo(budget: Budget, a: Any, b: Any) -> Decimal | None:
    a, b = number(a), number(b)
    return D34.subtract(a, D34.multiply(b, D34.divide(a, b).to_integral_value(ROUND_FLOOR))) if b else None


@builtin("sqrt", "number:n")
def _sqrt(budget: Budget, value: Any) -> Decimal:
    budget.spend(_COSTLY)
    return D34.sqrt(number(value))


@builtin("log", "number:n")
def _log(budget: Budget, value: Any) -> Decimal | None:
    budget.spend(_COSTLY)
    return D34.ln(number(value)) if value > 0 else None


@builtin("exp", "number:n")
def _exp(budget: Budget, value: Any) -> Decimal:
    budget.spend(_COSTLY)
    return D34.exp(number(value))


@builtin("odd", "number:n")
def _odd(budget: Budget, value: Any) -> bool:
    return abs(number(value) % 2) == 1


@builtin("even", "number:n")
def _even(budget: Budget, value: Any) -> bool:
    return number(value) % 2 == 0
