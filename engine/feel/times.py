"""Built-ins on dates, times and durations. `now` and `today` are not here: the moment is handed in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.budget import Budget
from engine.feel.builtins import builtin
from engine.feel.data import as_moment, equal, kind, number, whole
from engine.feel.temporal import read_date, read_duration, read_moment, read_time, written
from engine.values import YearsMonths

_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@builtin("date", "from:s")
def _date_of_text(budget: Budget, text: str) -> date | None:
    return read_date(text)


@builtin("date", "from:d")
def _date_of(budget: Budget, value: Any) -> date:
    return date(value.year, value.month, value.day)


@builtin("date", "year:n, month:n, day:n")
def _date(budget: Budget, year: Any, month: Any, day: Any) -> date:
    return date(whole(year), whole(month), whole(day))


@builtin("time", "from:s")
def _time_of_text(budget: Budget, text: str) -> time | None:
    return read_time(text)


@builtin("time", "from:t")
def _time_of(budget: Budget, value: Any) -> time:
    return value.timetz() if type(value) is datetime else value


@builtin("time", "from:d")
def _time_of_day(budget: Budget, value: Any) -> time:
    return time(0, tzinfo=UTC)


@builtin("time", "hour:n, minute:n, second:n, offset:u?0")
def _time(budget: Budget, hour: Any, minute: Any, second: Any, offset: Any = None) -> time:
    micro = whole(number(second) % 1 * 1_000_000)
    zone = timezone(offset) if offset is not None else None
    return time(whole(hour), whole(minute), whole(second), micro, zone)


@builtin("date and time", "from:s")
def _moment_of_text(budget: Budget, text: str) -> datetime | None:
    return read_moment(text)


@builtin("date and time", "from:d")
def _moment_of(budget: Budget, value: Any) -> datetime:
    return as_moment(value)


@builtin("date and time", "date:d, time:t")
def _moment(budget: Budget, day: Any, at: Any) -> datetime:
    return datetime.combine(date(day.year, day.month, day.day), at if type(at) is time else at.timetz())


@builtin("date and time", "date:d, timezone:s")
def _moment_in(budget: Budget, value: Any, zone: str) -> datetime:
    at = as_moment(value) if type(value) is not datetime else value
    return at.astimezone(ZoneInfo(zone)) if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


@builtin("duration", "from:s")
def _duration(budget: Budget, text: str) -> Any:
    return read_duration(text)


@builtin("duration", "from:u")
def _duration_of(budget: Budget, value: Any) -> Any:
    return value


@builtin("years and months duration", "from:d, to:d")
def _years_months(budget: Budget, a: Any, b: Any) -> YearsMonths:
    if type(a) is not type(b):
        a, b = date(a.year, a.month, a.day), date(b.year, b.month, b.day)
    months = (b.year - a.year) * 12 + b.month - a.month

    def rest(value: Any) -> tuple[int, time]:
        return value.day, value.time() if type(value) is datetime else time(0)

    if months > 0 and rest(b) < rest(a):
        months -= 1
    elif months < 0 and rest(b) > rest(a):
        months += 1
    return YearsMonths(months)


@builtin("day of year", "date:d")
def _day_of_year(budget: Budget, value: Any) -> Decimal:
    return Decimal(value.timetuple().tm_yday)


@builtin("day of week", "date:d")
def _day_of_week(budget: Budget, value: Any) -> str:
    return str(_DAYS[value.weekday()])


@builtin("month of year", "date:d")
def _month_of_year(budget: Budget, value: Any) -> str:
    return str(_MONTHS[value.month - 1])


@builtin("week of year", "date:d")
def _week_of_year(budget: Budget, value: Any) -> Decimal:
    return Decimal(value.isocalendar()[1])


@builtin("is", "value1:*, value2:*")
def _is(budget: Budget, a: Any, b: Any) -> bool:
    if kind(a) != kind(b):
        return False
    budget.touch(a)
    if isinstance(a, time | datetime):
        return (a.tzinfo == b.tzinfo and a == b) or written(a) == written(b)
    return equal(a, b, budget) is True
