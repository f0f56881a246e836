"""The calendar strip: every day of a deadline with what it counts, whole weeks, for a page to draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.calendar import Calendar
from engine.deadline.units import CLOCK, WORKING

_DAY = timedelta(days=1)
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
    #: Whole days the clock stood still.
    paused: int
    #: Of those counted: make-up working days.
    makeup: int

    def text(self, lang: str) -> str:
        """Such as: 27 days: 15 count, 12 do not."""
        zh = lang.startswith("zh")
        said = [f"计 {self.counted} 天" if zh else f"{self.counted} count"]
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
    still = [(calendar.date_of(a), calendar.date_of(b)) for a, b in trace.get("pauses", ())]
    days = [
        (day, state)
        for day in calendar.days(first, last)
        if (state := _state(day.date, first, last, day.works, trace["unit"], still)) != "start"
    ]
    states = [state for _, state in days]
    return Tally(
        days=len(days),
        counted=states.count("counted"),
        skipped=states.count("skipped"),
        paused=states.count("paused"),
        makeup=sum(state == "counted" and day.kind == "makeup" for day, state in days),
    )


def strip(trace: Mapping[str, Any], calendar: Calendar, now: datetime) -> list[list[StripDay]]:
    """Whole weeks, Monday first, from the start of a deadline to its end."""
    first, last = calendar.date_of(trace["start"]), trace["day"]
    today = calendar.date_of(now)
    begin, end = first - first.weekday() * _DAY, last + (6 - last.weekday()) * _DAY
    still = [(calendar.date_of(a), calendar.date_of(b)) for a, b in trace.get("pauses", ())]
    number, days = 0, []
    for day in calendar.days(begin, end):
        state = _state(day.date, first, last, day.works, trace["unit"], still)
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
                due=day.date == last,
            )
        )
    weeks = [days[n : n + 7] for n in range(0, len(days), 7)]
    return weeks if len(weeks) <= _MOST else weeks[: _MOST // 2] + weeks[-_MOST // 2 :]


def _state(day: date, first: date, last: date, works: bool, unit: str, still: list[tuple[date, date]]) -> str:
    if not first <= day <= last:
        return "outside"
    if day == first and (unit not in CLOCK or first == last):
        return "start"
    if unit in WORKING and not works:
        return "skipped"
    # Whole days the clock stood still; those it stopped or went on in are told by the pauses themselves.
    return "paused" if any(a < day < b for a, b in still) else "counted"
