"""A limit of the pack, ready to be counted: its span for a variant, its cap, its warning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.calendar import Calendar
from engine.deadline.counting import Due, Pause, Span, before, due


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
