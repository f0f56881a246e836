"""A working calendar: which days count, and which minutes of them. A value; it knows no limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

#: From minute to minute of a local day: (540, 720) is 09:00–12:00.
Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Special:
    """A day that is not as its weekday says."""

    #: "holiday", "makeup" (a working weekend day), "half", "company".
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
    zh: str = ""
    en: str = ""

    @property
    def works(self) -> bool:
        """Whether it is a working day."""
        return bool(self.spans)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Weekly hours, special days, and the years for which those are known."""

    name: str
    #: Digest of the files it was read from: the version that traces name.
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
        return ZoneInfo(self.zone)

    def day(self, day: date) -> Day:
        """What the calendar says of a day."""
        special = self.specials.get(day)
        if special is not None:
            return Day(date=day, kind=special.kind, spans=special.spans, zh=special.zh, en=special.en)
        spans = self.week[day.weekday()]
        return Day(date=day, kind="work" if spans else "weekend", spans=spans)

    def works(self, day: date) -> bool:
        """Whether a day is a working day."""
        special = self.specials.get(day)
        return bool(special.spans if special is not None else self.week[day.weekday()])

    def knows(self, year: int) -> bool:
        """Whether the special days of a year are officially known."""
        return not self.published or year in self.published

    def local(self, at: datetime) -> datetime:
        """An instant in the calendar's zone."""
        return at.astimezone(self.tz)

    def at(self, day: date, minute: int) -> datetime:
        """The instant, in UTC, of a minute of a local day; minute 1440 is its end."""
        if minute >= 1440:
            day, minute = day + timedelta(days=minute // 1440), minute % 1440
        return datetime.combine(day, time(minute // 60, minute % 60), self.tz).astimezone(UTC)

    def next_working(self, day: date, steps: int = 1) -> date:
        """The working day so many working days on (or back, if negative); it does not count the day itself."""
        one = timedelta(days=1 if steps > 0 else -1)
        left = abs(steps)
        for _ in range(left * 40 + 400):
            if left == 0:
                return day
            day += one
            left -= self.works(day)
        return day
