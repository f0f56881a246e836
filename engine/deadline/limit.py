"""A limit of the pack, ready to be counted: its span for a variant, its cap, its warning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.calendar import Calendar
from engine.deadline.counting import Due, due
from engine.deadline.elapsed import before
from engine.deadline.units import Pause, Span


class Amount(Protocol):
    """A span as the policy has it."""

    @property
    def value(self) -> int: ...
    @property
    def unit(self) -> str: ...


class Row(Protocol):
    """What a limit needs to know of its row in the policy (`engine.policy.LimitRow` is one)."""

    @property
    def id(self) -> str: ...
    @property
    def roll(self) -> str: ...
    @property
    def civil(self) -> bool: ...
    @property
    def cap(self) -> Amount | None: ...
    @property
    def warn(self) -> Amount | None: ...
    @property
    def pausable(self) -> bool: ...
    def amount(self, variant: str = "") -> Amount | None:
        """The span for a variant, falling back to the row's own."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How a limit is counted."""

    id: str
    span: Span
    roll: str = "none"
    civil: bool = False
    cap: Span | None = None
    warn: Span | None = None
    pausable: bool = False

    @classmethod
    def of(cls, row: Row, variant: str = "") -> Limit | None:
        """The limit of a row for a variant; None where the row has no span for it."""
        amount = row.amount(variant)
        if amount is None:
            return None
        return cls(
            id=row.id,
            span=Span(amount=amount.value, unit=amount.unit),
            roll=row.roll,
            civil=row.civil,
            cap=Span(amount=row.cap.value, unit=row.cap.unit) if row.cap else None,
            warn=Span(amount=row.warn.value, unit=row.warn.unit) if row.warn else None,
            pausable=row.pausable,
        )

    def due(
        self, start: datetime, calendar: Calendar, *, pauses: Sequence[Pause] = (), extensions: Sequence[Span] = ()
    ) -> Due:
        """When it ends; pauses count only where the limit allows them."""
        return due(
            start,
            self.span.amount,
            self.span.unit,
            calendar,
            roll=self.roll,
            civil=self.civil,
            pauses=pauses if self.pausable else (),
            extensions=extensions,
            cap=self.cap,
        )

    def warning(self, end: datetime, calendar: Calendar) -> datetime:
        """When to warn of an end; the end itself where no warning is asked for."""
        return before(end, self.warn.amount, self.warn.unit, calendar) if self.warn else end
