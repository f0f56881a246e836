"""Deadlines counted the slow way, minute by minute on a clock on the wall: what the fast way is compared with.

It shares nothing with `engine.deadline` but the calendar's data. The clock is read in UTC steps and shown in the zone; a
clock that is put back is waited out, so what it shows is the latest time it has shown yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.calendar import Calendar, Span

ONE = timedelta(days=1)


class WallClock:
    """A clock on the wall, looked at every few minutes."""

    def __init__(self, calendar: Calendar, step: int) -> None:
        self._calendar, self._zone, self._step = calendar, calendar.tz, step

    def due(self, start: datetime, amount: int, unit: str, roll: str = "none") -> datetime:
        """When a limit ends, to the step."""
        match unit:
            case "minute" | "hour":
                return self._elapsed(start, amount * (60 if unit == "hour" else 1))
            case "work_hour":
                return self._open_minutes(start, amount * 60)
            case "workday":
                return self._close_of(start, amount)
            case "day" | "week":
                day, left = self._shown_at(start).date(), amount * (7 if unit == "week" else 1)
                for _ in range(left):
                    day += ONE
            case _:
                day = self._same_day_later(self._shown_at(start).date(), amount)
        return self._past_midnight(start, self._rolled(day, roll))

    def open_minutes(self, start: datetime, end: datetime) -> int:
        """Minutes inside business hours between two instants."""
        return (
            sum(self._step for at, shown in self._watch(start) if at < end and self._open(shown)) if start < end else 0
        )

    def _watch(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Instants from `start` on, and what the clock shows then (naive)."""
        shown = self._shown_at(start)
        at = start
        while at < start + timedelta(days=400):
            shown = max(shown, at.astimezone(self._zone).replace(tzinfo=None))
            yield at, shown
            at += timedelta(minutes=self._step)

    def _shown_at(self, at: datetime) -> datetime:
        """The latest time the clock has shown up to an instant: nowhere is it put back by more than three hours."""
        looks = (at - timedelta(minutes=n) for n in range(0, 200, self._step))
        return max(look.astimezone(self._zone).replace(tzinfo=None) for look in looks)

    def _spans(self, day: date) -> tuple[Span, ...]:
        special = self._calendar.specials.get(day)
        return special.spans if special else self._calendar.week[day.weekday()]

    def _open(self, shown: datetime) -> bool:
        minute = shown.hour * 60 + shown.minute
        return any(a <= minute < b for a, b in self._spans(shown.date()))

    def _elapsed(self, start: datetime, minutes: int) -> datetime:
        for at, _ in self._watch(start):
            if minutes <= 0:
                return at
            minutes -= self._step
        raise AssertionError("no end")

    def _open_minutes(self, start: datetime, minutes: int) -> datetime:
        for at, shown in self._watch(start):
            if minutes <= 0:
                return at
            if self._open(shown):
                minutes -= self._step
        raise AssertionError("no end")

    def _close_of(self, start: datetime, amount: int) -> datetime:
        day, left = self._shown_at(start).date(), amount
        while left > 0:
            day += ONE
            left -= bool(self._spans(day))
        hours, minutes = divmod(self._spans(day)[-1][1], 60)
        return self._shows(start, datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes))

    def _past_midnight(self, start: datetime, day: date) -> datetime:
        return self._shows(start, datetime.combine(day, time()) + ONE)

    def _shows(self, start: datetime, wanted: datetime) -> datetime:
        """The first instant at which the clock shows a time or a later one."""
        for at, shown in self._watch(start):
            if shown >= wanted:
                return at
        raise AssertionError("no end")

    def _rolled(self, day: date, roll: str) -> date:
        while roll == "next_workday" and not self._spans(day):
            day += ONE
        return day

    @staticmethod
    def _same_day_later(day: date, months: int) -> date:
        wanted, left = day.day, months
        while left > 0:
            day += ONE
            left -= day.day == 1
        while months and day.day < wanted and (day + ONE).month == day.month:
            day += ONE
        return day


def aware(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """A local time such as "2026-01-05 10:00" as an instant."""
    day, _, clock = text.partition(" ")
    if clock == "24:00":
        return aware(f"{date.fromisoformat(day) + ONE} 00:00", zone)
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
