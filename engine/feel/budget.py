"""What an expression may cost: steps, elements touched, size of results, time. Nothing runs without one."""

from __future__ import annotations

import time
from typing import Any

from engine.errors import EngineError

#: Steps of evaluation, each element that is copied, compared or printed counting as one.
STEPS = 200_000
#: Longest text of an expression, deepest nesting, largest list or text a result may be.
LONGEST_TEXT, DEEPEST, LARGEST = 10_000, 60, 100_000
#: Wall clock, the last net, in seconds.
SECONDS = 2.0


class BudgetSpent(EngineError):
    """The expression needs too many steps or makes something too large; simplify it."""

    zh = "表达式步数过多或结果过大；请简化。"


class Budget:
    """Counts down while an expression runs."""

    __slots__ = ("_left", "_until", "depth", "warnings")

    def __init__(self, steps: int = STEPS, seconds: float = SECONDS) -> None:
        self._left = steps
        self._until = time.monotonic() + seconds
        self.depth = 0
        #: Why something became null, oldest first.
        self.warnings: list[str] = []

    def spend(self, steps: int = 1) -> None:
        """Pay for steps.

        Raises:
            BudgetSpent.
        """
        self._left -= steps
        if self._left < 0 or (self._left & 1023 == 0 and time.monotonic() > self._until):
            raise BudgetSpent()

    def sized(self, value: Any) -> Any:
        """Pay for a list or text by its length; returns it.

        Raises:
            BudgetSpent: also when it is too large.
        """
        size = len(value)
        if size > LARGEST:
            raise BudgetSpent()
        self.spend(size)
        return value

    def warn(self, why: str) -> None:
        """Note why something became null; the first twenty are kept."""
        if len(self.warnings) < 20:
            self.warnings.append(why)
