"""The values a case can hold, and their one canonical encoding.

Case data are plain: null, booleans, text, whole and decimal numbers, dates, times,
durations, lists and contexts (dicts with text keys). `encode` turns them into JSON
that has exactly one form, so that equal data have equal bytes and equal hashes;
`decode` is its inverse. No floats: money and measures are Decimal.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import total_ordering
from typing import Any
from zoneinfo import ZoneInfo

#: What case data are made of; deliberately loose, `encode` is the judge.
Value = Any


@total_ordering
@dataclass(frozen=True)
class YearsMonths:
    """A duration in years and months (FEEL: `years and months duration`)."""

    #: Signed number of months.
    months: int

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, YearsMonths):
            return NotImplemented
        return self.months < other.months

    def __str__(self) -> str:
        sign, n = ("-", -self.months) if self.months < 0 else ("", self.months)
        years, months = divmod(n, 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{sign}P{text or '0M'}"


class NotAValue(ValueError):
    """Something that case data cannot hold, with the path to it."""


def plain(value: Value, path: str = "") -> Any:
    """`value` as JSON types; tagged objects `{"$d": "2026-01-05"}` stand for what JSON lacks.

    Tags: `$n` number, `$d` date, `$dt` date and time, `$t` time, `$s` seconds of a
    duration, `$m` months of a duration. Keys of contexts that begin with `$` gain one more.

    Raises:
        NotAValue: a type that has no place in case data (a float, an object, ...).
    """
    try:
        return _plain(value)
    except NotAValue:
        # Paths are put together only when one must be told: this is asked for every value of every snapshot and event.
        raise NotAValue(_misfit(value, path)) from None


def _plain(value: Value) -> Any:
    kind = type(value)
    if kind is str or value is None or kind is bool or kind is int:
        return value
    if kind is dict:
        return {_plain_key(k): _plain(v) for k, v in value.items()}
    if kind is list or kind is tuple:
        return [_plain(item) for item in value]
    match value:
        case bool() | str() | int():
            return value
        case Decimal():
            return _plain_number(value)
        case datetime():
            return {"$dt": _datetime_text(value)}
        case date():
            return {"$d": value.isoformat()}
        case time():
            return {"$t": _time_text(value)}
        case timedelta():
            micro = (value.days * 86400 + value.seconds) * 1_000_000 + value.microseconds
            return {"$s": str(Decimal(micro).scaleb(-6).normalize() if micro else 0)}
        case YearsMonths():
            return {"$m": value.months}
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {_plain_key(k): _plain(v) for k, v in value.items()}
    raise NotAValue(f"{type(value).__name__} is not a kind of case data")


def _misfit(value: Value, path: str) -> str:
    """What cannot be case data, with the path to it."""
    inner: list[tuple[str, Value]] = []
    if isinstance(value, list | tuple):
        inner = [(f"{path}[{i}]", item) for i, item in enumerate(value)]
    elif isinstance(value, dict):
        inner = [(f"{path}.{k}" if path else str(k), item) for k, item in value.items()]
    for where, item in inner:
        try:
            _plain(item)
        except NotAValue:
            return _misfit(item, where)
    try:
        _plain(value)
    except NotAValue as error:
        return f"{path or 'value'}: {error}"
    raise AssertionError("only asked of what is no value")


def _plain_key(key: Any) -> str:
    if not isinstance(key, str):
        raise NotAValue(f"the key {key!r} is not text")
    return "$" + key if key.startswith("$") else key


def _plain_number(value: Decimal) -> Any:
    if not value.is_finite():
        raise NotAValue(f"{value} is not a number")
    # 12.50 and 12.5 are the same number and must have the same bytes.
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return {"$n": format(value.normalize(), "f")}


def _datetime_text(value: datetime) -> str:
    # FEEL knows local date-times; instants of events are always aware.
    text = value.isoformat()
    return f"{text}@{value.tzinfo.key}" if isinstance(value.tzinfo, ZoneInfo) else text


def _time_text(value: time) -> str:
    text = value.isoformat()
    return f"{text}@{value.tzinfo.key}" if isinstance(value.tzinfo, ZoneInfo) else text


def unplain(value: Any) -> Value:
    """The inverse of `plain`."""
    match value:
        case list():
            return [unplain(item) for item in value]
        case dict():
            if len(value) == 1:
                ((key, inner),) = value.items()
                if key in _TAGS:
                    return _TAGS[key](inner)
            return {(k[1:] if k.startswith("$") else k): unplain(v) for k, v in value.items()}
    return value


def _zoned(text: str, kind: type[datetime] | type[time]) -> Any:
    bare, _, zone = text.partition("@")
    value = kind.fromisoformat(bare)
    return value.replace(tzinfo=ZoneInfo(zone)) if zone else value


def _seconds(text: str) -> timedelta:
    return timedelta(microseconds=int(Decimal(text).scaleb(6)))


_TAGS: dict[str, Callable[[Any], Value]] = {
    "$n": Decimal,
    "$d": date.fromisoformat,
    "$dt": lambda text: _zoned(text, datetime),
    "$t": lambda text: _zoned(text, time),
    "$s": _seconds,
    "$m": YearsMonths,
}


def encode(value: Value) -> bytes:
    """Canonical bytes of `value`: sorted keys, no blanks, UTF-8, one form for each value."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def decode(data: bytes | str) -> Value:
    """The value that `encode` wrote."""
    return unplain(json.loads(data))
