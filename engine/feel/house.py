"""Names of the functions that are handed in from outside, so that expressions may be read without them."""

from __future__ import annotations

#: Functions of the house, handed in by the run: their names must be known to the parser.
HOUSE = (
    "due", "warn", "working days", "working hours", "next working day", "param", "milestone", "done by",
    "elapsed working days", "now", "today",
)  # fmt: skip
