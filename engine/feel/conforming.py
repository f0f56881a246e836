"""Whether a value is of a type, and how it is made to fit one. Every element that is looked at is paid for.

A type is a node `type` of its name, what is inside, and, for types of the reader's own, the unary tests a value must pass.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.feel.budget import Budget
from engine.feel.cells import build_tests
from engine.feel.data import kind
from engine.feel.environment import Env
from engine.feel.tree import Node


def fit(value: Any, of: Node, budget: Budget) -> tuple[bool, Any]:
    """Whether a value fits, and the value: one item is taken out of a list or put into one, a date may be its beginning.

    Null fits every type; what does not fit is null.
    """
    if value is None or _conforms(value, of, budget):
        return True, value
    if isinstance(value, list) and len(value) == 1 and _conforms(value[0], of, budget):
        return True, value[0]
    if not isinstance(value, list) and of.parts[0] == "list" and _conforms([value], of, budget):
        return True, [value]
    if kind(value) == "date" and of.parts[0] == "date and time":
        return True, datetime(value.year, value.month, value.day, tzinfo=UTC)
    return False, None


def _conforms(value: Any, of: Node, budget: Budget) -> bool:
    """Whether a value is of a type and passes its tests; null does, whatever the type."""
    budget.spend()
    if value is None:
        return True
    name, inner, *tests = of.parts
    match name:
        case "Any":
            fits = True
        case "list" if inner is not None:
            fits = isinstance(value, list) and all(_conforms(item, inner, budget) for item in value)
        case "context" if inner is not None:
            fits = isinstance(value, dict) and all(
                key in value and _conforms(value[key], part, budget) for key, part in inner
            )
        case _:
            fits = is_of(value, of, budget)
    return fits and all(build_tests(test)(Env({}, None, budget), value) is True for test in tests)


def is_of(value: Any, of: Node, budget: Budget) -> bool:
    """Whether a value is of a type, whatever tests the type has."""
    budget.spend()
    name, inner = of.parts[:2]
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
