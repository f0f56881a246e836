"""The functions expressions have besides FEEL's own: limits, working days, parameters, milestones, doers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from engine import deadline
from engine.calendar import Calendar
from engine.feel import read_moment
from engine.run import limits
from engine.values import Value

if TYPE_CHECKING:
    from engine.run.motion import Motion


#: So many working days or hours are counted in one go, over so many days; more gives null.
MOST_SPANS, MOST_DAYS = 5000, 20_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An end that an expression asked for: what hangs on it moves when it moves."""

    #: The running deadline it was read from, if any.
    deadline: str | None
    limit: str
    variant: str
    #: From when it counts.
    start: datetime
    #: "due" or "warn".
    kind: str
    instant: datetime
    trace: Mapping[str, Value]


class House:
    """Functions of the house, as of the moment of the input."""

    def __init__(self, motion: Motion) -> None:
        self._motion = motion
        #: The task on whose edge the expression stands.
        self.task: str | None = None
        #: The ends that were asked for since this was last emptied.
        self.asked: list[Asked] = []

    def functions(self) -> Mapping[str, Callable[..., Value]]:
        """By name."""
        return {
            "due": self._due,
            "warn": self._warn,
            "working days": self._working("workday"),
            "working hours": self._working("work_hour"),
            "next working day": self._next_working_day,
            "elapsed working days": self._elapsed,
            "param": self._param,
            "milestone": lambda name: self._motion.milestones.get(name),
            "done by": lambda element: self._motion.last_by.get(element),
        }

    def _due(self, limit: str, variant: str | None = None) -> Value:
        found = self._end(limit, variant or "", "due")
        self.asked.append(found)
        return found.instant

    def _warn(self, limit: str, variant: str | None = None) -> Value:
        end = self._end(limit, variant or "", "warn")
        self.asked.append(end)
        return end.instant

    def _end(self, limit: str, variant: str, kind: str) -> Asked:
        motion = self._motion
        limit, variant = str(limit), str(variant)
        row = limits.row_of(motion.release, limit, variant)
        running = motion.deadlines.get(self.task or "")
        if running is None or running.limit != limit or (variant and running.variant != variant):
            running = motion.deadlines.get(limit)
        if running is not None and running.met is None:
            start, end, trace, variant = running.start, running.due, running.trace, running.variant
            name: str | None = running.name
        else:
            start = motion.at if row.start == "task" else motion.milestones.get(row.start, motion.at)
            counted = limits.count(motion.release, limit, variant, start, motion.facts.get("pauses", ()))
            end, trace, name = counted.instant, counted.trace, None
        instant = end if kind == "due" else limits.warning(motion.release, limit, variant, end)
        return Asked(deadline=name, limit=limit, variant=variant, start=start, kind=kind, instant=instant, trace=trace)

    def _working(self, unit: str) -> Callable[[Value, Value], Value]:
        def count(start: Value, amount: Value) -> Value:
            begin = self._instant(start)
            if begin is None or not isinstance(amount, int | Decimal) or not 0 <= amount <= MOST_SPANS:
                return None
            return deadline.due(begin, int(amount), unit, self._calendar).instant

        return count

    def _next_working_day(self, day: Value) -> Value:
        begin = self._instant(day)
        return None if begin is None else self._calendar.next_working(self._calendar.local(begin).date())

    def _elapsed(self, start: Value, end: Value) -> Value:
        begin, until = self._instant(start), self._instant(end)
        if begin is None or until is None or abs((until - begin).days) > MOST_DAYS:
            return None
        return Decimal(deadline.elapsed_workdays(begin, until, self._calendar))

    def _param(self, name: str) -> Value:
        found = self._motion.release.policy.params.get(name)
        return None if found is None else found.value

    @property
    def _calendar(self) -> Calendar:
        return self._motion.release.calendar()

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
