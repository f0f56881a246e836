"""How much has passed, and how far back: the inverse of `due`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from engine.calendar import Calendar, utc
from engine.deadline.units import CLOCK, Pause, Span, UnknownUnit, check_span, in_order, length_of, months_on
from engine.deadline.working import work_back

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)
#: What `elapsed` can tell.
_TOLD = ("minute", "hour", "work_hour", "workday", "day", "week", "month")


def elapsed(start: datetime, end: datetime, unit: str, calendar: Calendar) -> int | Decimal:
    """The least amount of a unit with which a limit from `start` would have been kept at `end`.

    Hours and minutes are exact (and may be fractions); of days, weeks and months those begun count as whole, as an
    answer in the third working day keeps a limit of three. `elapsed(start, due(start, n)) == n`.

    Raises:
        UnknownUnit.
    """
    start, end = utc(start), utc(end)
    if unit not in _TOLD:
        raise UnknownUnit(unit=unit, known=", ".join(_TOLD))
    if end <= start:
        return 0
    if unit in CLOCK:
        passed = calendar.open_time(start, end) if unit == "work_hour" else end - start
        parts = Decimal(passed // _TICK) / Decimal(CLOCK[unit] // _TICK)
        return int(parts) if parts == int(parts) else parts
    first, last = calendar.date_of(start), calendar.date_of(max(end - _TICK, start))
    if unit == "workday":
        return _workdays(start, end, calendar)
    if unit == "month":
        amount = (last.year - first.year) * 12 + last.month - first.month
        return amount if months_on(first, amount) >= last else amount + 1
    days = (last - first).days
    return days if unit == "day" else -(-days // 7)


def _workdays(start: datetime, end: datetime, calendar: Calendar) -> int:
    first = calendar.day(calendar.date_of(start))
    if first.works and end <= first.close:
        return 0
    return 1 + sum(d.works and d.close < end for d in calendar.days(first.date + _DAY, calendar.date_of(end)))


def elapsed_minutes(start: datetime, end: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> int:
    """Whole minutes inside business hours between two instants, pauses left out."""
    start, end = utc(start), utc(end)
    total = calendar.open_time(start, end)
    for pause in in_order(pauses, start):
        total -= calendar.open_time(pause.since, min(pause.until, end))
    return max(total, timedelta(0)) // _MINUTE


def elapsed_workdays(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Working days after the day of `start` up to and with the day of `end`."""
    return sum(d.works for d in calendar.days(calendar.date_of(utc(start)) + _DAY, calendar.date_of(utc(end))))


def before(instant: datetime, amount: int | Decimal, unit: str, calendar: Calendar) -> datetime:
    """The moment so much before an end: for warnings. Days, weeks and months keep the time of day.

    Raises:
        UnknownUnit, AmountRefused.
    """
    span = Span(amount=amount, unit=unit)
    check_span(span)
    instant = utc(instant)
    if unit in ("minute", "hour"):
        return instant - length_of(span)
    if unit == "work_hour":
        return work_back(instant, length_of(span), calendar)
    day = calendar.date_of(instant - _TICK)
    if unit == "workday":
        return calendar.day(calendar.next_working(day, -int(amount))).close if amount else instant
    back = months_on(day, -int(amount)) if unit == "month" else day - int(amount) * (7 if unit == "week" else 1) * _DAY
    if instant == calendar.day(day).end:
        return calendar.day(back).end
    local = calendar.local(instant)
    return calendar.at(back, local.hour * 60 + local.minute) + timedelta(seconds=local.second)
