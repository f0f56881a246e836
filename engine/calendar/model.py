"""A working calendar: which days count, and which minutes of them. A value; it knows no limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from engine.calendar.zones import first_reading, zone

#: From minute to minute of a local day: (540, 720) is 09:00–12:00.
Span = tuple[int, int]
#: Days a calendar keeps at hand, at most: a century.
_KEPT = 40_000
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Special:
    """A day that is not as its weekday says."""

    #: "holiday", "makeup" (a working weekend day), "half", "company" (a holiday of the house).
    kind: str
    spans: tuple[Span, ...]
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """What a calendar says of one day."""

    date: date
    #: "work", "weekend", or the kind of the special day.
    kind: str
    spans: tuple[Span, ...]
    #: Why it is special.
    zh: str = ""
    en: str = ""
    #: Its first and last instant and its business hours, in UTC; the end is the beginning of the next day.
    begin: datetime
    end: datetime
    hours: tuple[tuple[datetime, datetime], ...]

    @property
    def works(self) -> bool:
        """Whether it is a working day."""
        return bool(self.spans)

    @property
    def close(self) -> datetime:
        """Close of business; the end of the day where there is none."""
        return self.hours[-1][1] if self.hours else self.end


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Weekly hours, special days, and the years for which those are known."""

    name: str
    #: Digest of what it says: the version that traces name.
    version: str
    #: IANA zone, e.g. "Asia/Shanghai".
    zone: str
    #: Spans by weekday, Monday first.
    week: tuple[tuple[Span, ...], ...]
    specials: Mapping[date, Special] = field(default_factory=dict, repr=False)
    #: Years whose special days are officially known; empty: it needs none.
    published: frozenset[int] = frozenset()

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone."""
        return zone(self.zone)

    @cached_property
    def _known(self) -> dict[date, Day]:
        return {}

    def day(self, day: date) -> Day:
        """What the calendar says of a day."""
        known = self._known.get(day)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[day] = self._look_up(day)
        return known

    def days(self, first: date, last: date) -> Iterator[Day]:
        """The days from first to last, both included."""
        while first <= last:
            yield self.day(first)
            first += _DAY

    def works(self, day: date) -> bool:
        """Whether a day is a working day."""
        special = self.specials.get(day)
        return bool(special.spans if special is not None else self.week[day.weekday()])

    def off_by_law(self, day: date) -> bool:
        """Whether nobody has to work that day. A house that takes a day off of its own is not let off by the law."""
        special = self.specials.get(day)
        return not self.works(day) and not (special and special.kind == "company" and self.week[day.weekday()])

    def knows(self, year: int) -> bool:
        """Whether the special days of a year are officially known."""
        return not self.published or year in self.published

    def local(self, at: datetime) -> datetime:
        """An instant in the calendar's zone."""
        return at.astimezone(self.tz)

    def date_of(self, at: datetime) -> date:
        """The local day an instant lies in. A day that has ended does not come back when a clock is put back."""
        day = at.astimezone(self.tz).date()
        return day if at < self.day(day).end else day + _DAY

    def at(self, day: date, minute: int) -> datetime:
        """The instant, in UTC, of a minute of a local day; minute 1440 is its end."""
        return first_reading(self.tz, datetime.combine(day, time()) + timedelta(minutes=minute))

    def next_working(self, day: date, steps: int = 1) -> date:
        """The working day so many working days on (or back, if negative); it does not count the day itself.

        Raises:
            OverflowError: there are not so many.
        """
        one = _DAY if steps > 0 else -_DAY
        left = abs(steps)
        for _ in range(left * 40 + 800):
            if left == 0:
                return day
            day += one
            left -= self.works(day)
        raise OverflowError(f"{self.name} has no working day near {day}")

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """Time inside business hours between two instants."""
        total = timedelta(0)
        if start >= end:
            return total
        for day in self.days(self.date_of(start), self.date_of(end)):
            for begin, close in day.hours:
                if begin < end and close > start:
                    total += min(close, end) - max(begin, start)
        return total

    def _look_up(self, day: date) -> Day:
        special = self.specials.get(day)
        spans = self.week[day.weekday()] if special is None else special.spans
        begin, end = self.at(day, 0), self.at(day, 1440)
        if end - begin == _DAY:  # no clock was changed: minutes are minutes
            hours = tuple((begin + a * _MINUTE, begin + b * _MINUTE) for a, b in spans)
        else:
            hours = tuple((self.at(day, a), self.at(day, b)) for a, b in spans)
        return Day(
            date=day,
            kind=special.kind if special else "work" if spans else "weekend",
            spans=spans,
            zh=special.zh if special else "",
            en=special.en if special else "",
            begin=begin,
            end=end,
            hours=hours,
        )


def utc(at: datetime) -> datetime:
    """An aware instant in UTC.

    Raises:
        ValueError: it has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC)
