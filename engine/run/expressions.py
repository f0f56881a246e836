"""FEEL inside a case: names by scope, the functions of the house, and whose data a result stems from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engine.feel import Budget, Compiled, Context, Function, compile, literal_or_expression, run_condition
from engine.run.documents import settled
from engine.run.house import House
from engine.values import Value

if TYPE_CHECKING:
    from engine.run.motion import Motion

#: Steps one expression may take; time is not measured, so that a replay stops where the case did.
STEPS, NO_CLOCK = 200_000, 1e9
_NAME = re.compile(r"^[^\W\d]\w*")


@dataclass(frozen=True)
class _Moment(Context):
    """A context whose functions are made once per input."""

    made: dict[str, Function] | None = None

    def names(self) -> dict[str, Function]:
        """The functions as expressions see them."""
        assert self.made is not None
        return self.made


class Expressions:
    """Evaluates what diagrams say, as of the moment of the input."""

    def __init__(self, motion: Motion) -> None:
        self._motion = motion
        self.house = House(motion)

    def begin(self, at: datetime) -> None:
        """Evaluate as of this moment from now on."""
        self._at = at
        self._made: dict[str, Function] | None = None

    def value(self, text: str, scope: str, more: Mapping[str, Value] | None = None, *, element: str | None = None) -> Value:
        """What a text means: FEEL after an equals sign, else itself.

        Args:
            element: as with `feel`.

        Raises:
            FeelSyntaxError, BudgetSpent.
        """
        is_feel, rest = literal_or_expression(text)
        return self.feel(rest, scope, more, element=element)[0] if is_feel else text.strip()

    def feel(
        self, text: str, scope: str, more: Mapping[str, Value] | None = None, whose: Mapping[str, str] | None = None,
        *, element: str | None = None,
    ) -> tuple[Value, str | None]:  # fmt: skip
        """The value of an expression, and whose personal data it reads.

        Args:
            element: where it is drawn. If a mistake in it, or in what it reads, made its value null, the history says why.

        Raises:
            FeelSyntaxError, BudgetSpent.
        """
        compiled = compile(text.strip().removeprefix("="))
        result = compiled.run(self._names(compiled, scope, more), context=self._context())
        if element is not None and result.warnings and result.value is None:
            told = [(why.text("zh"), why.text("en")) for why in result.warnings]
            self._motion.lacks_value(element, compiled.text, told)
        return settled(result.value), self._whose(compiled, scope, whose or {})

    def holds(self, text: str, scope: str, more: Mapping[str, Value] | None = None) -> bool:
        """Whether a condition is true.

        Raises:
            NotABoolean, FeelSyntaxError, BudgetSpent.
        """
        compiled = compile(text.strip().removeprefix("="))
        return run_condition(compiled, self._names(compiled, scope, more), context=self._context())

    def names(self, scope: str, more: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """Every name an expression in a scope sees."""
        return {"case": self.case(), **self._motion.documents.seen(scope), **(more or {})}

    def context(self) -> Context:
        """What decisions are evaluated with."""
        zone = self._motion.release.calendar().zone
        return Context(now=self._at, functions=self.house.functions(), budget=Budget(STEPS, NO_CLOCK), zone=zone)

    def whose(self, names: Iterable[str], scope: str) -> str | None:
        """Whose personal data one of the names holds."""
        return next((of for n in sorted(names) if (of := self._of_name(n, scope, {}))), None)

    def case(self) -> dict[str, Value]:
        """`case`, as expressions see it."""
        facts = self._motion.facts
        told = ("number", "flow", "channel", "opened", "status", "pack", "parent")
        return {"id": self._motion.case, **{name: facts.get(name) for name in told}}

    def _names(self, compiled: Compiled, scope: str, more: Mapping[str, Value] | None) -> Mapping[str, Any]:
        names = self._motion.documents.seen(scope)
        if more:
            names.update(more)
        if "case" not in names:
            names["case"] = self.case()
        return names

    def _context(self) -> _Moment:
        zone = self._motion.release.calendar().zone
        if self._made is None:
            self._made = Context(now=self._at, functions=self.house.functions(), zone=zone).names()
        return _Moment(now=self._at, budget=Budget(STEPS, NO_CLOCK), zone=zone, made=self._made)

    def _whose(self, compiled: Compiled, scope: str, whose: Mapping[str, str]) -> str | None:
        documents = self._motion.documents
        if not documents.whose and not whose:
            return None
        return next((of for used in sorted(compiled.used) if (of := self._of_name(used, scope, whose))), None)

    def _of_name(self, used: str, scope: str, whose: Mapping[str, str]) -> str | None:
        found = _NAME.match(used)
        name = found[0] if found else used
        return whose.get(name) or self._motion.documents.whose_name(scope, name)


def is_day(value: Value) -> bool:
    """Whether a value is a date without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)
