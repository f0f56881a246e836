"""Values of FEEL: their kinds, how they compare and reckon. Wrong kinds give null, never an exception."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from engine.feel.budget import CHARACTERS, Budget
from engine.values import YearsMonths

#: 34 digits, as IEEE 754 decimal128 and the DMN standard want it.
D34 = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emax=6144, Emin=-6143, traps=[InvalidOperation, Overflow, DivisionByZero]
)


@dataclass(frozen=True)
class Range:
    """From `low` to `high`; None is an open end."""

    low: Any
    high: Any
    low_in: bool = True
    high_in: bool = True

    def has(self, value: Any) -> bool | None:
        """Whether the value lies within; null where it cannot be compared."""
        above = True if self.low is None else compare(">=" if self.low_in else ">", value, self.low)
        below = True if self.high is None else compare("<=" if self.high_in else "<", value, self.high)
        return both(above, below)


@dataclass(frozen=True)
class Unequal:
    """The unary test `!= value`."""

    value: Any


@dataclass(frozen=True)
class Function:
    """A function with named parameters; `call` takes the budget and the arguments."""

    params: tuple[str, ...]
    call: Callable[..., Any]
    #: How many arguments may be left out, and whether any number may be given.
    optional: int = 0
    many: bool = False


_KINDS: dict[type, str] = {
    type(None): "null", bool: "boolean", Decimal: "number", int: "number", str: "string", list: "list", tuple: "list",
    dict: "context", datetime: "date and time", date: "date", time: "time", timedelta: "days and time duration",
    YearsMonths: "years and months duration", Range: "range", Function: "function",
}  # fmt: skip


def kind(value: Any) -> str:
    """What FEEL calls the type of a value."""
    return _KINDS.get(type(value), "unknown")


def number(value: Any) -> Decimal:
    """A number as Decimal."""
    return value if type(value) is Decimal else Decimal(value)


def whole(value: Any) -> int:
    """A number without its fraction, for counting: places, years, digits.

    Raises:
        ValueError: far larger than anything that is counted; making it an integer would take long.
    """
    exact = number(value)
    if exact.adjusted() > 18:
        raise ValueError("too large to count with")
    return int(exact)


#: Longest duration in months: as many years as a date of the standard may have.
MOST_MONTHS = 12 * 999_999_999

_BEGINNING = datetime(1, 1, 1)  # noqa: DTZ001 - reckoned without a zone


def both(a: bool | None, b: bool | None) -> bool | None:
    """`and` of three-valued logic."""
    if a is False or b is False:
        return False
    return True if a is True and b is True else None


def either(a: bool | None, b: bool | None) -> bool | None:
    """`or` of three-valued logic."""
    if a is True or b is True:
        return True
    return False if a is False and b is False else None


def moment(value: Any) -> timedelta:
    """What a time or date and time is compared by; zoned ones by their instant."""
    if type(value) is datetime:
        # A span since the year 1, because the instant in UTC of the first and the last day may lie outside the calendar.
        span = value.replace(tzinfo=None) - _BEGINNING
    else:
        span = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    offset = value.utcoffset()
    return span - offset if offset is not None else span


def equal(a: Any, b: Any, budget: Budget | None = None) -> bool | None:
    """FEEL's `=`: null when the kinds differ. Each pair that is compared is paid for."""
    if budget is not None:
        budget.spend(1 + len(a) // CHARACTERS if type(a) is str else 1)
    if a is None or b is None:
        return a is b
    kind_a, kind_b = kind(a), kind(b)
    if kind_a != kind_b:
        return None
    match kind_a:
        case "number":
            return number(a) == number(b)
        case "time" | "date and time":
            return (a.tzinfo is None) == (b.tzinfo is None) and moment(a) == moment(b)
        case "list":
            return len(a) == len(b) and all(equal(x, y, budget) is True for x, y in zip(a, b, strict=True))
        case "context":
            return a.keys() == b.keys() and all(equal(a[key], b[key], budget) is True for key in a)
        case "range":
            ends = equal(a.low, b.low) is True and equal(a.high, b.high) is True
            return (a.low_in, a.high_in) == (b.low_in, b.high_in) and ends
        case "function":
            return a is b
    return bool(a == b)


_ORDERED = ("string", "date", "days and time duration", "years and months duration")


def compare(op: str, a: Any, b: Any) -> bool | None:
    """`<`, `<=`, `>`, `>=`: null when the kinds differ or have no order."""
    kind_a = kind(a)
    if a is None or b is None or kind_a != kind(b):
        return None
    if kind_a == "number":
        a, b = number(a), number(b)
    elif kind_a in ("time", "date and time"):
        if (a.tzinfo is None) != (b.tzinfo is None):
            return None
        a, b = moment(a), moment(b)
    elif kind_a == "years and months duration":
        a, b = a.months, b.months
    elif kind_a not in _ORDERED:
        return None
    return bool(a > b if op == ">" else a < b if op == "<" else a >= b if op == ">=" else a <= b)


def add_months(day: Any, months: int) -> Any:
    """The same day so many months on, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def as_moment(value: Any) -> datetime:
    """A date as the beginning of its day in UTC."""
    return value if type(value) is datetime else datetime(value.year, value.month, value.day, tzinfo=UTC)


def reckon(op: str, a: Any, b: Any) -> Any:
    """`+ - * / **`; null when it cannot be done."""
    try:
        return _reckon(op, a, b, kind(a), kind(b))
    except (ArithmeticError, ValueError, OverflowError, TypeError):
        return None


def _reckon(op: str, a: Any, b: Any, kind_a: str, kind_b: str) -> Any:
    if kind_a == kind_b == "number":
        return _numbers(op, number(a), number(b))
    if op == "+":
        if kind_a == kind_b == "string":
            return a + b
        if "duration" in kind_a and not kind_b.endswith("duration"):
            a, b, kind_a, kind_b = b, a, kind_b, kind_a
        return _later(a, b, kind_a, kind_b)
    if op == "-":
        return _earlier(a, b, kind_a, kind_b)
    if op == "*" and "number" in (kind_a, kind_b):
        span, times = (b, number(a)) if kind_a == "number" else (a, number(b))
        return _times(span, times)
    if op == "/" and "duration" in kind_a:
        if kind_b == "number" and b:
            return _times(a, D34.divide(Decimal(1), number(b)), over=number(b))
        if kind_a == kind_b:
            x, y = _length(a), _length(b)
            return D34.divide(x, y) if y else None
    return None


def _numbers(op: str, a: Decimal, b: Decimal) -> Decimal | None:
    match op:
        case "+":
            return D34.add(a, b)
        case "-":
            return D34.subtract(a, b)
        case "*":
            return D34.multiply(a, b)
        case "/":
            return D34.divide(a, b) if b else None
    if not a and b < 0:
        return None  # one over nought; there is no infinity here
    # Numbers are decimal128 of IEEE 754, where the power zero of anything is one; Python's decimals say of nought that it is none.
    return D34.power(a, b) if b else Decimal(1)


def _later(a: Any, b: Any, kind_a: str, kind_b: str) -> Any:
    if kind_a == kind_b == "years and months duration":
        return _months(a.months + b.months)
    if kind_b == "years and months duration" and kind_a in ("date", "date and time"):
        return add_months(a, b.months)
    if kind_b != "days and time duration":
        return None
    match kind_a:
        case "days and time duration":
            return a + b
        case "date":
            return (datetime(a.year, a.month, a.day) + b).date()  # noqa: DTZ001 - a day has no zone
        case "date and time":
            # Elapsed time is counted in UTC, whatever the clocks of the zone do meanwhile.
            return (a.astimezone(UTC) + b).astimezone(a.tzinfo) if a.tzinfo else a + b
        case "time":
            moved = datetime.combine(date(2000, 1, 5), a.replace(tzinfo=None)) + b % timedelta(days=1)
            return moved.time().replace(tzinfo=a.tzinfo)
    return None


def _earlier(a: Any, b: Any, kind_a: str, kind_b: str) -> Any:
    if kind_b == "days and time duration":
        return _later(a, -b, kind_a, kind_b)
    if kind_b == "years and months duration":
        return _later(a, YearsMonths(-b.months), kind_a, kind_b)
    if kind_a in ("date", "date and time") and kind_b in ("date", "date and time"):
        a, b = as_moment(a), as_moment(b)
    elif not kind_a == kind_b == "time":
        return None
    return moment(a) - moment(b) if (a.tzinfo is None) == (b.tzinfo is None) else None


def _months(count: Any) -> YearsMonths:
    """A duration of so many months.

    Raises:
        ValueError: longer than any calendar.
    """
    if abs(count) > MOST_MONTHS:
        raise ValueError("too many months")
    return YearsMonths(int(count))


def _times(span: Any, times: Decimal, over: Decimal | None = None) -> Any:
    if isinstance(span, YearsMonths):
        months = Decimal(span.months)
        return _months(D34.divide(months, over) if over is not None else D34.multiply(months, times))
    if isinstance(span, timedelta):
        micros = Decimal(span // timedelta(microseconds=1))
        return timedelta(
            microseconds=int(D34.divide(micros, over) if over is not None else D34.multiply(micros, times))
        )
    return None


def _length(span: Any) -> Decimal:
    return Decimal(span.months) if isinstance(span, YearsMonths) else Decimal(span // timedelta(microseconds=1))
