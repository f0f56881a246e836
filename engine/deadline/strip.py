"""The calendar strip: every day of a deadline with what it counts, whole weeks, for a page to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.calendar import Calendar, Day
from engine.deadline.units import CLOCK, WORKING

Stops = Sequence[tuple[datetime, datetime]]

_DAY = timedelta(days=1)
_ZERO = timedelta(0)
#: Weeks a strip shows at most; of longer deadlines the first and the last.
_MOST = 20


@dataclass(frozen=True, kw_only=True)
class StripDay:
    """One day of the strip."""

    date: date
    #: As the calendar has it: "work", "weekend", "holiday", "makeup", "half", "company".
    kind: str
    #: Whether business is open on it, be it for half of the day.
    works: bool
    zh: str
    en: str
    #: "outside" the deadline, its "start" day, "counted", "skipped" (a day off), "paused".
    state: str
    #: Which day of the limit it is, 1 and up; None where it does not count.
    number: int | None
    #: Whether the clock stood still for a part of it.
    partly: bool
    #: Already behind us.
    past: bool
    #: The day it is due.
    due: bool


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The sum of a strip."""

    #: Days between the start, which is left out where its day does not count, and the end.
    days: int
    counted: int
    #: Days off.
    skipped: int
    #: Days on which the clock stood still all the time that counts, and those of which only for a part.
    paused: int
    partly: int
    #: Of those counted: make-up working days.
    makeup: int

    def text(self, lang: str) -> str:
        """Such as: 27 days: 15 count, 12 do not."""
        zh = lang.startswith("zh")
        said = [f"计 {self.counted} 天" if zh else f"{self.counted} count"]
        if self.partly:
            said[0] += (
                f"（{self.partly} 天有一段时间暂停）" if zh else f" ({self.partly} with the clock still for a part)"
            )
        if self.skipped:
            said.append(
                f"不计 {self.skipped} 天" if zh else f"{self.skipped} {'does' if self.skipped == 1 else 'do'} not"
            )
        if self.paused:
            said.append(f"暂停 {self.paused} 天" if zh else f"the clock stood still on {self.paused}")
        if self.makeup:
            said.append(f"含调休上班 {self.makeup} 天" if zh else f"{self.makeup} of them make-up working days")
        if zh:
            return f"其间 {self.days} 天：{'，'.join(said)}。"
        return f"{self.days} {'day' if self.days == 1 else 'days'} in between: {', '.join(said)}."


def tally(trace: Mapping[str, Any], calendar: Calendar) -> Tally:
    """The sum of the days of a deadline."""
    first, last = calendar.date_of(trace["start"]), trace["day"]
    still = trace.get("pauses", ())
    days = [
        (day, state)
        for day in calendar.days(first, last)
        if (state := _state(day, first, last, trace["unit"], still)) != "start"
    ]
    states = [state for _, state in days]
    return Tally(
        days=len(days),
        counted=states.count("counted"),
        skipped=states.count("skipped"),
        paused=states.count("paused"),
        partly=sum(state == "counted" and _stood(day, trace["unit"], still) > _ZERO for day, state in days),
        makeup=sum(state == "counted" and day.kind == "makeup" for day, state in days),
    )


def strip(trace: Mapping[str, Any], calendar: Calendar, now: datetime) -> list[list[StripDay]]:
    """Whole weeks, Monday first, from the start of a deadline to its end."""
    first, last = calendar.date_of(trace["start"]), trace["day"]
    today = calendar.date_of(now)
    begin, end = first - first.weekday() * _DAY, last + (6 - last.weekday()) * _DAY
    still = trace.get("pauses", ())
    number, days = 0, []
    for day in calendar.days(begin, end):
        state = _state(day, first, last, trace["unit"], still)
        if state == "counted":
            number += 1
        days.append(
            StripDay(
                date=day.date,
                kind=day.kind,
                works=day.works,
                zh=day.zh,
                en=day.en,
                state=state,
                past=day.date < today,
                number=number if state == "counted" else None,
                partly=state == "counted" and _stood(day, trace["unit"], still) > _ZERO,
                due=day.date == last,
            )
        )
    weeks = [days[n : n + 7] for n in range(0, len(days), 7)]
    return weeks if len(weeks) <= _MOST else weeks[: _MOST // 2] + weeks[-_MOST // 2 :]


def _state(day: Day, first: date, last: date, unit: str, still: Stops) -> str:
    if not first <= day.date <= last:
        return "outside"
    if day.date == first and (unit not in CLOCK or first == last):
        return "start"
    if unit in WORKING and not day.works:
        return "skipped"
    stood = _stood(day, unit, still)
    return "paused" if stood and stood == _counting(day, unit) else "counted"


def _spans(day: Day, unit: str) -> Stops:
    """The spans of a day that a limit of the unit counts."""
    return day.hours if unit in WORKING else ((day.begin, day.end),)


def _counting(day: Day, unit: str) -> timedelta:
    return sum((b - a for a, b in _spans(day, unit)), _ZERO)


def _stood(day: Day, unit: str, still: Stops) -> timedelta:
    """For how much of the time that counts the clock stood still."""
    pieces = [(max(a, since), min(b, until)) for a, b in _spans(day, unit) for since, until in still]
    return sum((b - a for a, b in pieces if a < b), _ZERO)
