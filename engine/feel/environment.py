"""What closures run in: names by scope and one budget; and the register of what builds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel.budget import Budget
from engine.feel.tree import Node


class Env:
    """Names in scope, inner over outer, and the budget they all spend from."""

    __slots__ = ("budget", "names", "outer")

    def __init__(self, names: Mapping[str, Any], outer: Env | None, budget: Budget) -> None:
        self.names, self.outer, self.budget = names, outer, budget


Built = Callable[[Env], Any]
#: Operation of a node -> what makes its closure; `building` and its themes fill it.
BUILDERS: dict[str, Callable[[Node], Built]] = {}


def build(node: Node) -> Built:
    """The closure of an expression."""
    return BUILDERS[node.op](node)


def builds(*ops: str) -> Callable[[Callable[[Node], Built]], Callable[[Node], Built]]:
    """Register what makes the closure of these operations."""

    def register(make: Callable[[Node], Built]) -> Callable[[Node], Built]:
        BUILDERS.update(dict.fromkeys(ops, make))
        return make

    return register


def truth(value: Any) -> bool | None:
    """A boolean, or null for anything else."""
    return value if isinstance(value, bool) else None
