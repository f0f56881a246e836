"""Going on and back by business hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.calendar import Calendar

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
#: Days to look for business hours before giving up: about a century.
_FURTHEST = 36_600


def work_on(start: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """The instant at which so much time inside business hours has passed; nothing: `start`, or the next opening.

    Raises:
        OverflowError: there are not so many business hours in a century.
    """
    # Midnight may be the close of the day before.
    left, day = length, calendar.day(calendar.date_of(start - _TICK))
    for _ in range(_FURTHEST):
        for opening, close in day.hours:
            begin = max(opening, start)
            if begin <= close and close - begin >= left:
                return begin + left
            if begin < close:
                left -= close - begin
        day = calendar.day(day.date + _DAY)
    raise OverflowError(f"{calendar.name} has not so many business hours")


def work_back(end: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """The instant from which so much time inside business hours leads to `end`.

    Raises:
        OverflowError: there are not so many business hours in a century.
    """
    left, day = length, calendar.day(calendar.date_of(end))
    for _ in range(_FURTHEST):
        for opening, close in reversed(day.hours):
            last = min(close, end)
            if last >= opening and last - opening >= left:
                return last - left
            if last > opening:
                left -= last - opening
        day = calendar.day(day.date - _DAY)
    raise OverflowError(f"{calendar.name} has not so many business hours")
