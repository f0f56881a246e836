"""How much is left, or by how much it is over, in the words of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.calendar import Calendar, utc
from engine.deadline.units import WORKING

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_DAY_WORDS = {True: ("工作日", "wd", "wd"), False: ("日", "day", "days")}


@dataclass(frozen=True, kw_only=True)
class TimeLeft:
    """How much time is left, or by how much it is over."""

    late: bool
    #: Whole days and what remains: of business hours, or of the clock.
    days: int
    hours: int
    minutes: int
    #: Whether days are working days and hours business hours.
    working: bool = True
    #: It is due this very moment: not over yet, and nothing is left.
    now: bool = False

    def text(self, lang: str) -> str:
        """Such as 剩 2 工作日 3 小时, 3 h 20 min left, 1 wd overdue."""
        zh = lang.startswith("zh")
        if self.now:
            return "此刻到期" if zh else "due this moment"
        words = _DAY_WORDS[self.working]
        day = words[0] if zh else words[1 if self.days == 1 else 2]
        parts = [(self.days, day), (self.hours, "小时" if zh else "h")]
        if not self.days:
            parts.append((self.minutes, "分" if zh else "min"))
        said = " ".join(f"{n} {word}" for n, word in parts if n) or ("不到 1 分" if zh else "less than 1 min")
        if zh:
            return f"逾期 {said}" if self.late else f"剩 {said}"
        return f"{said} overdue" if self.late else f"{said} left"


def remaining(now: datetime, end: datetime, calendar: Calendar, unit: str | None = None) -> TimeLeft:
    """Time between now and an end.

    Args:
        unit: the limit's. Limits in working time are told in working time, all others by the clock; without it, an end
            inside business hours is taken for one in working time.
    """
    now, end = utc(now), utc(end)
    late = now > end
    first, last = (end, now) if late else (now, end)
    if unit in WORKING or (unit is None and _in_business(end, calendar)):
        passed, whole = calendar.open_time(first, last), _usual_day(calendar)
        if passed or first == last:
            return _told(late, passed, whole, working=True)
    return _told(late, last - first, _DAY, working=False)


def _told(late: bool, passed: timedelta, whole: timedelta, *, working: bool) -> TimeLeft:
    days, rest = divmod(passed, whole)
    minutes = rest // _MINUTE
    return TimeLeft(late=late, days=days, hours=minutes // 60, minutes=minutes % 60, working=working, now=not (passed or late))


def _in_business(end: datetime, calendar: Calendar) -> bool:
    day = calendar.day(calendar.date_of(end - timedelta(microseconds=1)))
    return any(opening <= end <= close for opening, close in day.hours)


def _usual_day(calendar: Calendar) -> timedelta:
    spans = next(spans for spans in calendar.week if spans)
    return sum((b - a for a, b in spans), 0) * _MINUTE
