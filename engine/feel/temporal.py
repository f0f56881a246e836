"""Dates, times and durations as text, both ways, and numbers and the rest as text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.feel.data import D34, MOST_MONTHS, Range, kind, number
from engine.values import YearsMonths

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z_/+\-0-9]+)?\Z", re.ASCII)
_SPAN = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?\Z", re.ASCII
)


def read_date(text: str) -> date | None:
    """`2026-11-24`, or None."""
    found = _DATE.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """`09:00:00`, with fraction, offset or `@zone`, or None."""
    found = _TIME.match(text)
    if not found:
        return None
    try:
        micro = int((found[4] or "0")[:6].ljust(6, "0"))
        return time(int(found[1]), int(found[2]), int(found[3]), micro, _zone(found[5]))
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None


def read_moment(text: str) -> datetime | None:
    """`2026-11-24T09:00:00`, with fraction, offset or `@zone`, or None; a bare date is its beginning."""
    day_text, mark, rest = text.partition("T")
    day = read_date(day_text)
    if day is None:
        return None
    if not mark:
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - FEEL has local date and time
    if rest.startswith("24:00:00"):
        if day == date.max:
            return None
        day, rest = day + timedelta(days=1), "00" + rest[2:]
    at = read_time(rest)
    return datetime.combine(day, at) if at is not None else None


def read_duration(text: str) -> timedelta | YearsMonths | None:
    """`P2Y3M` or `P1DT2H30M`, or None; the two are never mixed."""
    found = _SPAN.match(text)
    if not found or text[-1] in "PT":
        return None
    sign = -1 if found[1] else 1
    if found[2] or found[3]:
        if found[4] or found[5]:
            return None
        if max(len(found[2] or ""), len(found[3] or "")) > 12:
            return None
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(sign * months) if months <= MOST_MONTHS else None
    try:
        return sign * timedelta(
            days=int(found[4] or 0),
            hours=int(found[6] or 0),
            minutes=int(found[7] or 0),
            seconds=int(found[8] or 0),
            microseconds=int((found[9] or "0")[:6].ljust(6, "0")),
        )
    except OverflowError:
        return None


def read_any(text: str) -> Any:
    """What `@"…"` means."""
    if text.startswith(("P", "-P")):
        return read_duration(text)
    return read_moment(text) if "T" in text else read_date(text) or read_time(text)


def _zone(text: str | None) -> Any:
    if not text:
        return None
    if text in ("Z", "z"):  # the standard's own examples write it small: time("23:59:00z")
        return UTC
    if text[0] == "@":
        return ZoneInfo(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 18 or minutes > 59:
        raise ValueError(text)
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return timezone(span if text[0] == "+" else -span)


def written(value: Any, nested: bool = False) -> str | None:
    """A value as FEEL's `string()` writes it; inside lists and contexts texts are quoted."""
    match kind(value):
        case "null":
            return "null" if nested else None
        case "string":
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if nested else str(value)
        case "boolean":
            return "true" if value else "false"
        case "number":
            return _number(value)
        case "date":
            return str(value.isoformat())
        case "time":
            return _clock(value) + _offset(value)
        case "date and time":
            return f"{value.date().isoformat()}T{_clock(value.timetz())}{_offset(value)}"
        case "years and months duration":
            return _years(value.months)
        case "days and time duration":
            return _span(value)
        case "list":
            return "[" + ", ".join(written(x, True) or "null" for x in value) + "]"
        case "context":
            return "{" + ", ".join(f"{_key(k)}: {written(x, True)}" for k, x in value.items()) + "}"
        case "range":
            return _range(value)
    return kind(value)


def _number(value: Any) -> str:
    exact = number(value)
    if not exact:
        return "0"
    return format(exact.normalize(D34), "f") if abs(exact.adjusted()) < 40 else str(exact)


def _clock(value: time) -> str:
    text = value.replace(tzinfo=None).isoformat()
    return text.rstrip("0") if value.microsecond else text


def _offset(value: Any) -> str:
    zone = value.tzinfo
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return "@" + zone.key
    seconds = int(zone.utcoffset(None).total_seconds())
    if not seconds:
        return "Z"
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    rest = f":{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}{rest}"


def _years(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    return (
        ("-" if months < 0 else "") + "P" + (f"{years}Y" if years else "") + (f"{rest}M" if rest or not years else "")
    )


def _span(value: timedelta) -> str:
    sign, value = ("-" if value < timedelta(0) else ""), abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{value.days}D" if value.days else ""
    return f"{sign}P{days}" + (f"T{clock}" if clock else "" if days else "T0S")


def _key(name: str) -> str:
    return name if name.replace("_", "a").isalnum() and not name[0].isdigit() else written(name, True) or ""


def _range(value: Range) -> str:
    low, high = written(value.low, True), written(value.high, True)
    if value.low is None:
        return f"({'<=' if value.high_in else '<'} {high})"
    if value.high is None:
        return f"({'>=' if value.low_in else '>'} {low})"
    return f"{'[' if value.low_in else '('}{low}..{high}{']' if value.high_in else ')'}"
