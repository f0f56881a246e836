"""What spans are made of: units, amounts, pauses, and what is wrong with some of them."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.calendar import utc
from engine.errors import EngineError

#: Units of a limit. "date_field": 0 is the end of the same day, 1 the end of the same month.
UNITS = ("minute", "hour", "work_hour", "workday", "day", "week", "month", "date_field")
#: Units that count time and may be fractions; the others count days and end with one.
CLOCK = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "work_hour": timedelta(hours=1),
}
#: Units that business hours bear upon.
WORKING = ("work_hour", "workday")
#: No span is longer than this, in any unit.
_MOST = 1_000_000


class UnknownUnit(EngineError):
    """“{unit}” is no unit of time; use one of {known}."""

    zh = "“{unit}”不是时间单位；可用：{known}。"


class AmountRefused(EngineError):
    """A limit of {amount} {unit} cannot be counted: give a whole number from 0 (hours and minutes may be fractions)."""

    zh = "{amount} {unit} 无法计数：请给 0 以上的整数（小时、分钟可为小数）。"


class TooFar(EngineError):
    """A limit of {amount} {unit} from {start} reaches further than the calendar {calendar} can count."""

    zh = "自 {start} 起 {amount} {unit} 的时限超出日历 {calendar} 可计的范围。"


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A span in which the clock stood still, aware instants."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Span:
    """So many of a unit."""

    amount: int | Decimal
    unit: str


def check_span(span: Span) -> None:
    """Refuse what cannot be counted.

    Raises:
        UnknownUnit, AmountRefused.
    """
    if span.unit not in UNITS:
        raise UnknownUnit(unit=span.unit, known=", ".join(UNITS))
    amount = span.amount
    fits = isinstance(amount, int | Decimal) and not isinstance(amount, bool) and 0 <= amount <= _MOST
    if not fits or (span.unit not in CLOCK and amount != int(amount)):
        raise AmountRefused(amount=amount, unit=span.unit)


def length_of(span: Span) -> timedelta:
    """How long a span of a clock unit is, to the microsecond."""
    unit = CLOCK[span.unit]
    if isinstance(span.amount, int):
        return span.amount * unit
    return timedelta(microseconds=int(span.amount * (unit // timedelta(microseconds=1))))


def months_on(day: date, amount: int) -> date:
    """The same day so many months on (or back), else the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"the year {year} is out of range")
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def in_order(pauses: Iterable[Pause], start: datetime) -> list[Pause]:
    """Pauses from `start` on, in order, overlapping ones as one, in UTC."""
    merged: list[Pause] = []
    for since, until in sorted((max(utc(p.since), start), utc(p.until)) for p in pauses):
        if since >= until:
            continue
        if merged and since <= merged[-1].until:
            merged[-1] = Pause(since=merged[-1].since, until=max(until, merged[-1].until))
        else:
            merged.append(Pause(since=since, until=until))
    return merged
