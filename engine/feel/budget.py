"""What an expression may cost: steps, elements touched, size of results, time. Nothing runs without one.

Everything that visits an element pays for it before it is visited: loops, comparing, printing, copying,
searching. So lists that share parts, small to build and huge to read, are stopped as surely as long loops.
Steps alone decide, in a run: there the clock is left out, so that a replay stops where the case did.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from typing import Any, TypeVar

from engine.errors import EngineError

Made = TypeVar("Made", bound=Sized)

#: Steps of evaluation, each element that is copied, compared or printed counting as one.
STEPS = 200_000
#: Longest text of an expression, deepest nesting of it, largest list or text it may make.
LONGEST_TEXT, DEEPEST, LARGEST = 10_000, 45, 100_000
#: Deepest tree of operations (a chain of a hundred `or` is that deep), deepest result, deepest calls, in nodes.
DEEPEST_TREE, DEEPEST_VALUE, DEEPEST_CALL = 200, 40, 220
#: Wall clock, the last net, in seconds.
SECONDS = 2.0
#: So many characters of text cost one step where they are only compared or searched.
CHARACTERS = 64


class BudgetSpent(EngineError):
    """The expression needs too many steps or makes something too large; simplify it."""

    zh = "表达式步数过多或结果过大；请简化。"


class Budget:
    """Counts down while an expression runs."""

    __slots__ = ("_left", "_paid", "_until", "depth", "warnings")

    def __init__(self, steps: int = STEPS, seconds: float = SECONDS) -> None:
        self._left = steps
        self._paid: set[object] = set()
        self._until = time.monotonic() + seconds
        #: How deep the evaluation stands in calls of functions, in nodes.
        self.depth = 0
        #: Why something became null, oldest first: place in the text, Chinese, English.
        self.warnings: list[tuple[int, str, str]] = []

    @property
    def left(self) -> int:
        """Steps that remain."""
        return self._left

    def spend(self, steps: int = 1) -> None:
        """Pay for steps.

        Raises:
            BudgetSpent.
        """
        before = self._left
        self._left = left = before - steps
        if left < 0:
            raise BudgetSpent()
        # The clock is asked once in about a thousand steps.
        if before >> 10 != left >> 10 and time.monotonic() > self._until:
            raise BudgetSpent()

    def once(self, what: object, steps: int) -> None:
        """Pay for something that is made at its first use and then kept.

        Raises:
            BudgetSpent.
        """
        if what not in self._paid:
            self._paid.add(what)
            self.spend(steps)

    def sized(self, value: Made) -> Made:
        """Pay for a new list or text by its length; returns it.

        Raises:
            BudgetSpent: also when it is too large.
        """
        size = len(value)
        if size > LARGEST:
            raise BudgetSpent()
        self.spend(size)
        return value

    def touch(self, value: Any) -> None:
        """Pay for printing a value: every element and every character of it.

        Raises:
            BudgetSpent.
        """
        stack = [value]
        while stack:
            found = stack.pop()
            if isinstance(found, list | tuple):
                self.spend(1 + len(found))
                stack.extend(found)
            elif isinstance(found, dict):
                self.spend(1 + len(found) + sum(map(len, found)))
                stack.extend(found.values())
            else:
                self.spend(1 + len(found) if isinstance(found, str) else 1)

    def leave(self, value: Any, depth: int = 0) -> None:
        """Pay for a result that leaves the expression; it may be neither too deep nor too large.

        Raises:
            BudgetSpent.
        """
        if isinstance(value, str):
            if len(value) > LARGEST:
                raise BudgetSpent()
        elif isinstance(value, list | tuple | dict):
            if depth >= DEEPEST_VALUE:
                raise BudgetSpent()
            self.spend(1 + len(value))
            for inner in value.values() if isinstance(value, dict) else value:
                self.leave(inner, depth + 1)

    @contextmanager
    def deeper(self, nodes: int) -> Iterator[None]:
        """Stand deeper while a function is evaluated.

        Counted in nodes and not in calls, so that the depth of Python's own stack never decides.

        Raises:
            BudgetSpent: too deep.
        """
        self.depth += nodes
        try:
            if self.depth > DEEPEST_CALL:
                raise BudgetSpent()
            yield
        finally:
            self.depth -= nodes

    def warn(self, at: int, zh: str, en: str) -> None:
        """Note why something became null; the first twenty are kept."""
        if len(self.warnings) < 20:
            self.warnings.append((at, zh, en))
