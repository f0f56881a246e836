"""What stands behind a dot: entries of contexts, parts of dates, ends of ranges."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.data import kind

#: Parts whose names hold a blank: the parser must know them.
SPACED_PARTS = ("start included", "end included", "time offset")


def part(value: Any, name: str) -> Any:
    """`value.name`, or null."""
    of = kind(value)
    match of:
        case "context":
            return value.get(name)
        case "list":
            return [part(item, name) for item in value]
        case "range":
            ends = {
                "start": value.low,
                "end": value.high,
                "start included": value.low_in,
                "end included": value.high_in,
            }
            return ends.get(name)
        case "days and time duration":
            return _of_span(value, name)
        case "years and months duration" if name in ("years", "months"):
            sign = -1 if value.months < 0 else 1
            return Decimal(sign * (abs(value.months) // 12 if name == "years" else abs(value.months) % 12))
    found = _of_day(value, name) if of in ("date", "date and time") else None
    return _of_clock(value, name) if found is None and of in ("time", "date and time") else found


def _of_day(value: Any, name: str) -> Any:
    if name in ("year", "month", "day"):
        return Decimal(getattr(value, name))
    return Decimal(value.isoweekday()) if name == "weekday" else None


def _of_clock(value: Any, name: str) -> Any:
    if name in ("hour", "minute", "second"):
        return Decimal(getattr(value, name))
    if name == "time offset":
        return value.utcoffset()
    if name == "timezone":
        return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
    return None


def _of_span(value: timedelta, name: str) -> Any:
    seconds = abs(value) // timedelta(seconds=1)
    sign = -1 if value < timedelta(0) else 1
    parts = {
        "days": seconds // 86400,
        "hours": seconds // 3600 % 24,
        "minutes": seconds // 60 % 60,
        "seconds": seconds % 60,
    }
    return Decimal(sign * parts[name]) if name in parts else None
