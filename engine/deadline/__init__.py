"""Deadlines: when a limit ends, why then, how much is left. Pure functions over calendars."""

from engine.deadline.counting import (
    UNITS,
    Due,
    Pause,
    Span,
    TooFar,
    UnknownUnit,
    before,
    due,
    elapsed_minutes,
    elapsed_workdays,
)
from engine.deadline.limit import Limit
from engine.deadline.telling import TimeLeft, TraceDisagrees, check, explain, remaining, span_text

__all__ = [
    "UNITS", "Due", "Limit", "Pause", "Span", "TimeLeft", "TooFar", "TraceDisagrees", "UnknownUnit", "before", "check",
    "due", "elapsed_minutes", "elapsed_workdays", "explain", "remaining", "span_text",
]  # fmt: skip
