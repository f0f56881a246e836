"""When a limit ends: one pure function from a start, spans and a calendar to an instant and its trace.

The rules are those of the seed catalogue, section 0.4: the day of the start is not counted, the limit is
inclusive, working days end at close of business, calendar days and months end at 24:00 of the local day.
Times in and out are aware; results are UTC.

A clock that stood still is made good for exactly: the pauses are measured (real time; business hours for limits in
working time), added up, and the end is put off by the sum, once. Units of days then run to the end of their day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.calendar import Calendar, utc
from engine.deadline.trace import Facts, Trace, trace_of
from engine.deadline.units import CLOCK, WORKING, Pause, Span, TooFar, check_span, in_order, length_of, months_on
from engine.deadline.working import work_on

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_ZERO = timedelta(0)
#: Days off in a row before we give up looking for the end of them.
_LONGEST = 800


@dataclass(frozen=True, kw_only=True)
class Due:
    """When, and why then."""

    instant: datetime
    #: Plain facts that case data can hold; `explain` tells them, `check` derives them again.
    trace: Trace


def due(
    start: datetime,
    amount: int | Decimal,
    unit: str,
    calendar: Calendar,
    *,
    roll: str = "none",
    civil: bool = False,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Span] = (),
    cap: Span | None = None,
) -> Due:
    """When a limit that begins at `start` ends.

    Args:
        roll: "none", "next_workday" or "previous_workday": where an end on a day off goes (days, weeks, months).
        civil: count days, weeks and months by the civil code (arts. 201–203): an end on a day off by law goes to the
            next day that is none (a holiday of the house is not off by law), and the end is the close of business.
        pauses: spans in which the clock stood still; what lies before the start or begins after the end is nothing.
        extensions: further spans, each from the end of the one before.
        cap: the greatest span in all, from the same start, pauses or not; an end beyond it is brought back to it.

    Raises:
        UnknownUnit, AmountRefused, TooFar.
    """
    spans = (Span(amount=amount, unit=unit), *extensions)
    for span in (*spans, cap) if cap else spans:
        check_span(span)
    begin = utc(start)
    counting = _Counting(calendar=calendar, start=begin, roll=roll, civil=civil)
    stopped = in_order(pauses, begin)
    try:
        place = counting.run(spans)
        end = counting.put_off(place, spans[-1].unit, stopped) if stopped else place
        most = counting.leg(counting.beginning(), cap) if cap else None
    except (OverflowError, ValueError) as error:
        raise TooFar(amount=amount, unit=unit, start=begin.isoformat(), calendar=calendar.name) from error
    capped = most is not None and most.instant < end.instant
    if most is not None and capped:
        end = most
    facts = Facts(
        start=begin, spans=spans, due=end.instant, day=end.day, nominal=end.nominal, roll=roll, civil=civil,
        pauses=tuple(stopped), cap=cap, capped=capped,
    )  # fmt: skip
    return Due(instant=end.instant, trace=trace_of(facts, calendar))


@dataclass(frozen=True)
class _Place:
    """An end reached: the instant, the local day it belongs to, and the day it had before it was moved off a day off."""

    instant: datetime
    day: date
    nominal: date


@dataclass(frozen=True, kw_only=True)
class _Counting:
    """One count along a calendar, from a start, by a rule for ends on days off."""

    calendar: Calendar
    start: datetime
    roll: str
    civil: bool

    def beginning(self) -> _Place:
        day = self.calendar.date_of(self.start)
        return _Place(self.start, day, day)

    def run(self, spans: Sequence[Span]) -> _Place:
        """Each span from the end of the one before."""
        place = self.beginning()
        for span in spans:
            place = self.leg(place, span)
            if span.unit not in CLOCK and span.unit != "workday":
                place = self.settled(place.day)
        return place

    def leg(self, place: _Place, span: Span) -> _Place:
        """One span on, ends on days off left where they are."""
        calendar, amount = self.calendar, int(span.amount)
        match span.unit:
            case "minute" | "hour":
                return self.moment(place.instant + length_of(span))
            case "work_hour":
                return self.moment(work_on(place.instant, length_of(span), calendar))
            case "workday":
                return self.workday(place, amount)
            case "day" | "week":
                day = place.day + amount * (7 if span.unit == "week" else 1) * _DAY
            case "month":
                day = months_on(place.day, amount)
            case _:
                day = months_on(place.day.replace(day=1), 1) - _DAY if amount else place.day
        return _Place(calendar.day(day).end, day, day)

    def workday(self, place: _Place, amount: int) -> _Place:
        """Close of the nth working day after that of `place`; 0 is the business day that is on, or the next."""
        calendar = self.calendar
        day = calendar.day(place.day)
        if amount == 0 and day.works and place.instant <= day.close:
            return _Place(day.close, day.date, day.date)
        found = calendar.next_working(place.day, max(amount, 1))
        return _Place(calendar.day(found).close, found, found)

    def settled(self, day: date) -> _Place:
        """The end of a day, or of the working day that stands for it."""
        moved = day
        if self.civil:
            moved = self.after_days_off(day)
        elif self.roll != "none" and not self.calendar.works(day):
            moved = self.calendar.next_working(day, 1 if self.roll == "next_workday" else -1)
            if moved < self.calendar.date_of(self.start):
                moved = day  # no working day lies between: going back would end before it began
        found = self.calendar.day(moved)
        return _Place(found.close if self.civil else found.end, moved, day)

    def after_days_off(self, day: date) -> date:
        """The day itself, or the first after it that is not off by law."""
        for _ in range(_LONGEST):
            if not self.calendar.off_by_law(day):
                return day
            day += _DAY
        raise OverflowError(f"{self.calendar.name} has no day that is not off near {day}")

    def moment(self, at: datetime) -> _Place:
        """An end inside a day. Midnight belongs to the day it ends."""
        day = self.calendar.date_of(max(at - _TICK, self.start))
        return _Place(at, day, day)

    def put_off(self, place: _Place, unit: str, stopped: Sequence[Pause]) -> _Place:
        """The end, as much later as the clock stood still before it."""
        total, end = _ZERO, place
        for pause in stopped:
            if pause.since >= end.instant:
                break
            working = unit in WORKING
            total += self.calendar.open_time(pause.since, pause.until) if working else pause.until - pause.since
            end = self.later(place, unit, total)
        return end

    def later(self, place: _Place, unit: str, by: timedelta) -> _Place:
        """An end moved by a measured time, in the shape its unit gives it."""
        if by == _ZERO:
            return place
        if unit in WORKING:
            moved = self.moment(work_on(place.instant, by, self.calendar))
            return moved if unit == "work_hour" else _Place(self.calendar.day(moved.day).close, moved.day, moved.day)
        if unit in CLOCK:
            return self.moment(place.instant + by)
        return self.settled(self.calendar.date_of(self.calendar.day(place.day).end + by - _TICK))
