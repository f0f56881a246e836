"""Functions of the house that need no case: parameters of the pack, and working days and hours of its calendar.

Rules of forms and columns of registers have them as the run has them, so that an expression means the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from engine import deadline
from engine.calendar import Calendar
from engine.feel import read_moment
from engine.release import Release
from engine.values import Value

#: So many working days or hours are counted in one go, over so many days; more gives null.
MOST_SPANS, MOST_DAYS = 5000, 20_000


def functions_of(release: Release) -> Mapping[str, Callable[..., Value]]:
    """By name."""
    reckoning = _Reckoning(release)
    return {
        "working days": reckoning.working("workday"),
        "working hours": reckoning.working("work_hour"),
        "next working day": reckoning.next_working_day,
        "elapsed working days": reckoning.elapsed,
        "param": reckoning.param,
    }


class _Reckoning:
    def __init__(self, release: Release) -> None:
        self._release = release

    def working(self, unit: str) -> Callable[[Value, Value], Value]:
        def count(start: Value, amount: Value) -> Value:
            begin = self._instant(start)
            if begin is None or not isinstance(amount, int | Decimal) or not 0 <= amount <= MOST_SPANS:
                return None
            return deadline.due(begin, int(amount), unit, self._calendar).instant

        return count

    def next_working_day(self, day: Value) -> Value:
        begin = self._instant(day)
        return None if begin is None else self._calendar.next_working(self._calendar.local(begin).date())

    def elapsed(self, start: Value, end: Value) -> Value:
        begin, until = self._instant(start), self._instant(end)
        if begin is None or until is None or abs((until - begin).days) > MOST_DAYS:
            return None
        return Decimal(deadline.elapsed_workdays(begin, until, self._calendar))

    def param(self, name: str) -> Value:
        found = self._release.policy.params.get(name)
        return None if found is None else found.value

    @property
    def _calendar(self) -> Calendar:
        return self._release.calendar()

    def _instant(self, value: Value) -> datetime | None:
        return as_instant(value, self._calendar)


def as_instant(value: Value, calendar: Calendar) -> datetime | None:
    """A moment, a day (its beginning) or ISO text as an instant in UTC; None when it is none of these."""
    if isinstance(value, str):
        value = read_moment(value)
    try:
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=calendar.tz)).astimezone(UTC)
        return calendar.at(value, 0) if isinstance(value, date) else None
    except OverflowError:  # the first or the last day there is
        return None
