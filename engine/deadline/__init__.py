"""Deadlines: when a limit ends, why then, how much is left. Pure functions over calendars."""

from engine.deadline.checking import OtherCalendar, TraceDisagrees, check, derive
from engine.deadline.counting import Due, due
from engine.deadline.elapsed import before, elapsed, elapsed_minutes, elapsed_workdays
from engine.deadline.left import TimeLeft, remaining
from engine.deadline.limit import Limit
from engine.deadline.strip import StripDay, Tally, strip, tally
from engine.deadline.telling import explain, span_text
from engine.deadline.units import UNITS, AmountRefused, Pause, Span, TooFar, UnknownUnit

__all__ = [
    "UNITS", "AmountRefused", "Due", "Limit", "OtherCalendar", "Pause", "Span", "StripDay", "Tally", "TimeLeft", "TooFar",
    "TraceDisagrees", "UnknownUnit", "before", "check", "derive", "due", "elapsed", "elapsed_minutes",
    "elapsed_workdays", "explain", "remaining", "span_text", "strip", "tally",
]  # fmt: skip
