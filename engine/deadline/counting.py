"""When a limit ends: one pure function from a start, spans and a calendar to an instant and its trace.

The rules are those of the seed catalogue, section 0.4: the day of the start is not counted, the limit is
inclusive, working days end at close of business, calendar days and months end at 24:00 of the local day.
Times in and out are aware; results are UTC.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine.calendar import Calendar
from engine.errors import EngineError

#: Units of a limit. "date_field": 0 is the end of the same day, 1 the end of the same month.
UNITS = ("minute", "hour", "work_hour", "workday", "day", "week", "month", "date_field")
#: Units that count time, not days.
_CLOCK = ("minute", "hour", "work_hour")
#: No limit reaches further than this.
_FURTHEST = timedelta(days=366 * 60)


class UnknownUnit(EngineError):
    """“{unit}” is no unit of time; use one of {known}."""

    zh = "“{unit}”不是时间单位；可用：{known}。"


class TooFar(EngineError):
    """A limit of {amount} {unit} from {start} reaches further than a calendar can."""

    zh = "自 {start} 起 {amount} {unit} 的时限超出日历范围。"


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A span in which the clock stood still, aware instants."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Span:
    """So many of a unit."""

    amount: int
    unit: str


@dataclass(frozen=True, kw_only=True)
class Due:
    """When, and why then."""

    instant: datetime
    #: Plain facts that case data can hold; `explain` tells them, `check` derives them again.
    trace: dict[str, Any]


@dataclass
class _Tally:
    """What was passed over on the way."""

    skipped: list[list[Any]] = field(default_factory=list)
    extra: list[list[Any]] = field(default_factory=list)
    years: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Place:
    """An end reached: the instant, and the local day it belongs to."""

    instant: datetime
    day: date


def due(
    start: datetime,
    amount: int,
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
        civil: count by the civil code (arts. 201–203): an end on a day off goes to the next working day.
        pauses: spans in which the clock stood still, in order.
        extensions: further spans, one after the other.
        cap: the greatest span in all, from the same start; an end beyond it is brought back to it.

    Raises:
        UnknownUnit, TooFar.
    """
    if unit not in UNITS:
        raise UnknownUnit(unit=unit, known="、".join(UNITS))
    tally = _Tally()
    rolling = "next_workday" if civil else roll
    place = _Place(start.astimezone(UTC), calendar.local(start).date())
    try:
        for span in (Span(amount=amount, unit=unit), *extensions):
            place = _leg(place, span, calendar, pauses, tally)
        place = _rolled(place, unit, rolling, calendar, tally)
        limit = (
            _leg(_Place(start.astimezone(UTC), calendar.local(start).date()), cap, calendar, (), _Tally())
            if cap
            else None
        )
    except (OverflowError, ValueError) as error:
        raise TooFar(amount=amount, unit=unit, start=start.isoformat()) from error
    capped = limit is not None and limit.instant < place.instant
    place = limit if capped and limit is not None else place
    return Due(
        instant=place.instant,
        trace=_trace(start, amount, unit, calendar, rolling, pauses, extensions, cap if capped else None, place, tally),
    )


def before(instant: datetime, amount: int, unit: str, calendar: Calendar) -> datetime:
    """The moment so much before an end: for warnings."""
    match unit:
        case "minute":
            return instant - timedelta(minutes=amount)
        case "hour":
            return instant - timedelta(hours=amount)
        case "work_hour":
            return _work_back(instant, amount * 60, calendar)
        case "workday":
            local = calendar.local(instant - timedelta(microseconds=1))
            day = calendar.next_working(local.date(), -amount)
            return calendar.at(day, calendar.day(day).spans[-1][1]) if calendar.works(day) else instant
    days = {"day": 1, "week": 7, "month": 30}.get(unit, 0) * amount
    local = calendar.local(instant)
    return (local - timedelta(days=days)).astimezone(UTC)


def elapsed_minutes(start: datetime, end: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> int:
    """Whole minutes inside business hours between two instants, pauses left out."""
    if end <= start:
        return 0
    total = timedelta(0)
    day, last = calendar.local(start).date(), calendar.local(end).date()
    while day <= last:
        for a, b in calendar.day(day).spans:
            total += _within(calendar.at(day, a), calendar.at(day, b), start, end, pauses)
        day += timedelta(days=1)
    return int(total // timedelta(minutes=1))


def elapsed_workdays(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Working days after the day of `start` up to and with the day of `end`: the inverse of `workday` limits."""
    day, last = calendar.local(start).date(), calendar.local(end).date()
    return sum(calendar.works(day + timedelta(days=n)) for n in range(1, (last - day).days + 1))


def _leg(place: _Place, span: Span, calendar: Calendar, pauses: Sequence[Pause], tally: _Tally) -> _Place:
    amount, unit = span.amount, span.unit
    match unit:
        case "minute" | "hour":
            length = timedelta(minutes=amount) if unit == "minute" else timedelta(hours=amount)
            return _clocked(place, length, calendar, pauses)
        case "work_hour":
            return _worked(place, amount * 60, calendar, pauses, tally)
        case "workday":
            return _workdays(place, amount, calendar, pauses, tally)
        case "day" | "week":
            day = _days(place.day, amount * (7 if unit == "week" else 1), calendar, pauses)
        case "month":
            day = _days(_months(place.day, amount), 0, calendar, pauses, since=place.day)
        case _:
            last = months.monthrange(place.day.year, place.day.month)[1]
            day = place.day.replace(day=last) if amount else place.day
    return _Place(calendar.at(day, 1440), day)


def _clocked(place: _Place, length: timedelta, calendar: Calendar, pauses: Sequence[Pause]) -> _Place:
    end = place.instant + length
    for pause in pauses:
        if pause.since < end and pause.until > place.instant:
            end += pause.until - max(pause.since, place.instant)
    if length > _FURTHEST:
        raise OverflowError
    return _Place(end, calendar.local(end).date())


def _worked(place: _Place, minutes: int, calendar: Calendar, pauses: Sequence[Pause], tally: _Tally) -> _Place:
    left, day = timedelta(minutes=minutes), calendar.local(place.instant).date()
    if left <= timedelta(0):
        return place
    for _ in range(366 * 20):
        _note(day, calendar, tally)
        for a, b in calendar.day(day).spans:
            begin, end = max(calendar.at(day, a), place.instant), calendar.at(day, b)
            for free_from, free_to in _free(begin, end, pauses):
                if free_to - free_from >= left:
                    return _Place(free_from + left, day)
                left -= free_to - free_from
        day += timedelta(days=1)
    raise OverflowError


def _free(begin: datetime, end: datetime, pauses: Sequence[Pause]) -> list[tuple[datetime, datetime]]:
    """The pieces of a span in which the clock was not stopped."""
    pieces = [(begin, end)] if begin < end else []
    for pause in pauses:
        cut = []
        for a, b in pieces:
            cut += (
                [(a, min(b, pause.since)), (max(a, pause.until), b)]
                if pause.since < b and pause.until > a
                else [(a, b)]
            )
        pieces = [(a, b) for a, b in cut if a < b]
    return pieces


def _workdays(place: _Place, amount: int, calendar: Calendar, pauses: Sequence[Pause], tally: _Tally) -> _Place:
    day, left = place.day, amount
    still = _still(calendar, pauses)
    if left == 0 and not calendar.works(day):
        left = 1
    for _ in range(366 * 60):
        if left == 0:
            return _Place(calendar.at(day, calendar.day(day).spans[-1][1]), day)
        day += timedelta(days=1)
        _note(day, calendar, tally)
        if calendar.works(day) and not any(a < day <= b for a, b in still):
            left -= 1
    raise OverflowError


def _days(day: date, amount: int, calendar: Calendar, pauses: Sequence[Pause], since: date | None = None) -> date:
    """Calendar days on; days within (paused, resumed] do not count."""
    begin, end = since or day, day + timedelta(days=amount)
    for a, b in _still(calendar, pauses):
        if a < end and b > begin:
            end += b - max(a, begin)
    return end


def _still(calendar: Calendar, pauses: Sequence[Pause]) -> list[tuple[date, date]]:
    return [(calendar.local(p.since).date(), calendar.local(p.until).date()) for p in pauses]


def _months(day: date, amount: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _rolled(place: _Place, unit: str, roll: str, calendar: Calendar, tally: _Tally) -> _Place:
    if roll == "none" or unit in _CLOCK or unit == "workday" or calendar.works(place.day):
        return place
    _note(place.day, calendar, tally)
    step = 1 if roll == "next_workday" else -1
    day = place.day
    while not calendar.works(day):
        day += timedelta(days=step)
        _note(day, calendar, tally)
    return _Place(calendar.at(day, 1440), day)


def _work_back(instant: datetime, minutes: int, calendar: Calendar) -> datetime:
    left, day = timedelta(minutes=minutes), calendar.local(instant).date()
    for _ in range(3660):
        for a, b in reversed(calendar.day(day).spans):
            begin, end = calendar.at(day, a), min(calendar.at(day, b), instant)
            if begin >= end:
                continue
            if end - begin >= left:
                return end - left
            left -= end - begin
        day -= timedelta(days=1)
    return instant


def _within(a: datetime, b: datetime, start: datetime, end: datetime, pauses: Sequence[Pause]) -> timedelta:
    free = _free(max(a, start), min(b, end), pauses)
    return sum((y - x for x, y in free), timedelta(0))


def _note(day: date, calendar: Calendar, tally: _Tally) -> None:
    """Remember a day that was passed over, or counted against its weekday."""
    tally.years.add(day.year)
    said = calendar.day(day)
    if not said.works:
        tally.skipped.append([day, said.kind])
    elif said.kind != "work":
        tally.extra.append([day, said.kind])


def _trace(
    start: datetime, amount: int, unit: str, calendar: Calendar, roll: str, pauses: Sequence[Pause],
    extensions: Sequence[Span], cap: Span | None, place: _Place, tally: _Tally,
) -> dict[str, Any]:  # fmt: skip
    trace: dict[str, Any] = {
        "start": start.astimezone(UTC), "amount": amount, "unit": unit, "due": place.instant, "day": place.day,
        "calendar": calendar.name, "version": calendar.version, "zone": calendar.zone, "tz": TZ_VERSION,
    }  # fmt: skip
    unknown = sorted(y for y in tally.years if not calendar.knows(y))
    more = {
        "roll": roll if roll != "none" else None,
        "skipped": tally.skipped,
        "extra": tally.extra,
        "pauses": [[p.since.astimezone(UTC), p.until.astimezone(UTC)] for p in pauses],
        "extensions": [[e.amount, e.unit] for e in extensions],
        "cap": [cap.amount, cap.unit] if cap else None,
        "unpublished": unknown,
    }
    return trace | {key: value for key, value in more.items() if value}


def _tz_version() -> str:
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return "system"


#: Version of the zone rules.
TZ_VERSION = _tz_version()
