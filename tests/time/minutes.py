"""Deadlines counted the slow way, by looking at a clock on the wall each minute: what the fast way is compared with.

It shares no code with `engine.calendar` and `engine.deadline`, not even the reading of calendar files. Time is a row of
minutes. The clock shows each of them a local time; one that is put back is waited out, so what it shows is the latest
time it has shown yet. A minute is open when the business hours of the day shown say so. A day of such minutes is one
whole number, a bit for each, so that counting them is counting bits.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache, cached_property
from importlib.resources import files
from zoneinfo import ZoneInfo

#: So many of a unit.
Part = tuple[Fraction, str]
#: From minute to minute, the second not included.
Stop = tuple[int, int]

ONE = timedelta(days=1)
MINUTES = 1440
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FULL = (1 << MINUTES) - 1
_CLOCKS = {"minute": 1, "hour": 60, "work_hour": 60}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minute_of(at: datetime) -> int:
    """The minute an instant begins."""
    return int((at - _EPOCH) // timedelta(minutes=1))


def instant_of(minute: int) -> datetime:
    """The instant a minute begins."""
    return _EPOCH + timedelta(minutes=minute)


@cache
def wall(zone: str) -> Wall:
    """The clock of a zone."""
    return Wall(zone)


class Wall:
    """A clock on the wall. Local times are minutes since 1970 on that clock."""

    def __init__(self, zone: str) -> None:
        with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as data:
            self._zone = ZoneInfo.from_file(data)
        self._seen: dict[int, int | list[int]] = {}

    def shown(self, minute: int) -> int:
        """The local time shown in a minute."""
        place, within = divmod(minute, MINUTES)
        seen = self.through(place)
        return minute + seen if isinstance(seen, int) else seen[within]

    def through(self, place: int) -> int | list[int]:
        """How far the clock is ahead all through a day of UTC; or, where it was changed, every time it shows."""
        seen = self._seen.get(place)
        if seen is None:
            seen = self._seen[place] = self._look(place)
        return seen

    def first(self, local: int) -> int:
        """The first minute in which the clock shows that time or a later one."""
        place = local // MINUTES - 2
        while self.shown(place * MINUTES + MINUTES - 1) < local:
            place += 1
        seen, start = self.through(place), place * MINUTES
        if isinstance(seen, int):
            return max(local - seen, start)
        return start + next(n for n, shown in enumerate(seen) if shown >= local)

    def _look(self, place: int) -> int | list[int]:
        # Whatever was put back yesterday may still be waited out today.
        first, last = (place - 1) * MINUTES, (place + 1) * MINUTES
        ahead = self._ahead(first)
        if ahead == self._ahead(last) == self._ahead(first + MINUTES):
            return ahead
        latest, shown = first + ahead, []
        for minute in range(first, last):
            latest = max(latest, minute + self._ahead(minute))
            shown.append(latest)
        return shown[MINUTES:]

    def _ahead(self, minute: int) -> int:
        ahead = instant_of(minute).astimezone(self._zone).utcoffset()
        assert ahead is not None
        return int(ahead.total_seconds()) // 60


class Year:
    """What calendar files say, read once more: hours by weekday, special days, the zone."""

    def __init__(self, *texts: str) -> None:
        """From files, each of which extends the one before."""
        self.zone, self._week, self._special = "Asia/Shanghai", [[] for _ in _DAYS], {}  # type: ignore[var-annotated]
        self.company: set[date] = set()
        for text in texts:
            self._read(tomllib.loads(text))
        self._open: dict[int, int] = {}

    def _read(self, said: dict[str, object]) -> None:
        self.zone = str(said.get("zone", self.zone))
        for name, hours in said.get("week", {}).items():  # type: ignore[attr-defined]
            self._week[_DAYS.index(name)] = [_hours(text) for text in hours]
        usual = next(hours for hours in self._week if hours)
        for kind in ("holiday", "makeup", "half", "company", "regular"):
            for row in said.get(kind, []):  # type: ignore[attr-defined]
                day = row["from"]
                while day <= row.get("to", row["from"]):
                    hours = [_hours(text) for text in row.get("hours", [])]
                    self._special[day] = usual if kind == "makeup" and not hours else hours
                    self.company.discard(day)
                    if kind == "company":
                        self.company.add(day)
                    if kind == "regular":
                        del self._special[day]
                    day += ONE

    @cached_property
    def wall(self) -> Wall:
        return wall(self.zone)

    def hours(self, day: date) -> list[Stop]:
        """Business hours of a day, in minutes of its clock."""
        special: list[Stop] | None = self._special.get(day)
        return self._week[day.weekday()] if special is None else special

    def off_by_law(self, day: date) -> bool:
        """Whether it is a day off for everybody: one that the house alone takes off is none."""
        return not self.hours(day) and not (day in self.company and self._week[day.weekday()])

    def open(self, place: int) -> int:
        """The open minutes of a day of UTC, a bit for each."""
        bits = self._open.get(place)
        if bits is None:
            bits = self._open[place] = self._look(place)
        return bits

    def _look(self, place: int) -> int:
        seen = self.wall.through(place)
        if isinstance(seen, int):
            day, gone = divmod(place * MINUTES + seen, MINUTES)
            return (self._bits(day) >> gone | self._bits(day + 1) << (MINUTES - gone)) & _FULL
        return sum((self._bits(shown // MINUTES) >> shown % MINUTES & 1) << n for n, shown in enumerate(seen))

    def _bits(self, day: int) -> int:
        bits = 0
        for begin, end in self.hours(_date(day)):
            bits |= ((1 << (end - begin)) - 1) << begin
        return bits


class SlowCount:
    """One count, from a start, with everything a limit may have."""

    def __init__(
        self, year: Year, start: int, *, roll: str = "none", civil: bool = False, stops: Sequence[Stop] = ()
    ) -> None:
        self.year, self.start, self.civil = year, start, civil
        self.roll = "next_workday" if civil else roll
        self.stops = _joined((max(a, start), b) for a, b in stops if b > max(a, start))

    def due(self, parts: Sequence[Part], cap: Part | None = None) -> int:
        """When the parts, one after the other, have passed: the minute that is no longer in time."""
        amount, unit = parts[0]
        if len(parts) == 1 and unit in _CLOCKS and self.stops and amount:
            end = self._passing(self.start, _minutes(amount, unit), unit == "work_hour", self.stops)
        else:
            end = self._with_stops(*self._run(parts), parts[-1][1])
        return min(end, self._part(self.start, self.day_of(self.start), cap)[0]) if cap else end

    def least(self, end: int, unit: str) -> Fraction:
        """The least amount of a unit, without anything else, that ends no earlier than `end`; where none and one end
        alike (working days from a day off), one.
        """
        if end <= self.start:
            return Fraction(0)
        if unit in _CLOCKS:
            passed = self.open_minutes(self.start, end) if unit == "work_hour" else end - self.start
            return Fraction(passed, _CLOCKS[unit])
        ends = [self.due([(Fraction(amount), unit)]) for amount in (0, 1)]
        amount = int(ends[0] == ends[1])
        while self.due([(Fraction(amount), unit)]) < end:
            amount += 1
        return Fraction(amount)

    def day_of(self, minute: int) -> date:
        """The day shown in a minute."""
        return _date(self.year.wall.shown(minute) // MINUTES)

    def open_minutes(self, begin: int, end: int, stops: Iterable[Stop] = ()) -> int:
        """Open minutes from one to another, those in stops left out."""
        return sum(
            (self.year.open(place) & ~_within(stops, place) & _within([(begin, end)], place)).bit_count()
            for place in range(begin // MINUTES, end // MINUTES + 1)
        )

    def close(self, day: date) -> int:
        """When business ends on a day; where there is none, when the day ends."""
        hours = self.year.hours(day)
        return self._clock(day, hours[-1][1] if hours else MINUTES)

    def _clock(self, day: date, minute: int) -> int:
        return self.year.wall.first((day - date(1970, 1, 1)).days * MINUTES + minute)

    def _run(self, parts: Sequence[Part]) -> tuple[int, date]:
        end, day = self.start, self.day_of(self.start)
        for part in parts:
            end, day = self._part(end, day, part)
            if part[1] not in (*_CLOCKS, "workday"):
                end, day = self._settled(day)
        return end, day

    def _part(self, begin: int, day: date, part: Part) -> tuple[int, date]:
        amount, unit = part
        if unit in _CLOCKS:
            return self._instant(self._passing(begin, _minutes(amount, unit), unit == "work_hour", ()))
        if unit == "workday":
            return self._workday(begin, day, int(amount))
        for _ in range(int(amount) * {"day": 1, "week": 7}.get(unit, 0)):
            day += ONE
        if unit == "month":
            day = _months_later(day, int(amount))
        while unit == "date_field" and amount and (day + ONE).month == day.month:
            day += ONE
        return self._clock(day, MINUTES), day

    def _instant(self, end: int) -> tuple[int, date]:
        """The last minute in time says what day it is."""
        return end, self.day_of(max(end - 1, self.start))

    def _passing(self, begin: int, left: int, working: bool, stops: Iterable[Stop]) -> int:
        """So many minutes on, of those that count."""
        if left == 0:
            still = not working or any(self.open_minutes(m, m + 1) for m in (begin - 1, begin))
            return begin if still else self._passing(begin, 1, True, ()) - 1
        place = begin // MINUTES
        while True:
            bits = (self.year.open(place) if working else _FULL) & ~_within(stops, place)
            if place == begin // MINUTES:
                bits = bits >> begin % MINUTES << begin % MINUTES
            if (many := bits.bit_count()) >= left:
                return place * MINUTES + _nth(bits, left) + 1
            left -= many
            place += 1

    def _workday(self, begin: int, day: date, amount: int) -> tuple[int, date]:
        hours = self.year.hours
        if amount == 0 and hours(day) and begin <= self.close(day):
            return self.close(day), day
        left = max(amount, 1)
        while left:
            day += ONE
            left -= bool(hours(day))
        return self.close(day), day

    def _settled(self, day: date) -> tuple[int, date]:
        moved, step = day, -ONE if self.roll == "previous_workday" else ONE
        off = self.year.off_by_law if self.civil else lambda day: not self.year.hours(day)
        while self.roll != "none" and off(moved):
            moved += step
        if moved < self.day_of(self.start):
            moved = day
        return (self.close(moved) if self.civil else self._clock(moved, MINUTES)), moved

    def _with_stops(self, end: int, day: date, unit: str) -> int:
        """The end, put off by all the minutes the clock stood still before it."""
        lost, first, first_day = 0, end, day
        for begin, until in self.stops:
            if begin >= end:
                break
            working = unit in ("work_hour", "workday")
            lost += self.open_minutes(begin, until) if working else until - begin
            if lost:
                end = self._put_off(first, first_day, unit, lost)
        return end

    def _put_off(self, end: int, day: date, unit: str, lost: int) -> int:
        if unit in _CLOCKS:
            return self._passing(end, lost, unit == "work_hour", ())
        if unit == "workday":
            return self.close(self._instant(self._passing(end, lost, True, ()))[1])
        return self._settled(self.day_of(self._clock(day, MINUTES) + lost - 1))[0]


def _hours(text: str) -> Stop:
    begin, end = (60 * int(clock[:2]) + int(clock[3:]) for clock in text.split("-"))
    return begin, end


def _minutes(amount: Fraction, unit: str) -> int:
    minutes = amount * _CLOCKS[unit]
    assert minutes.denominator == 1
    return minutes.numerator


def _date(day: int) -> date:
    return date(1970, 1, 1) + day * ONE


def _joined(stops: Iterable[Stop]) -> list[Stop]:
    """In order; those that overlap or touch are one: the clock did not go in between."""
    joined: list[Stop] = []
    for begin, end in sorted(stops):
        if joined and begin <= joined[-1][1]:
            begin, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((begin, end))
    return joined


def _within(spans: Iterable[Stop], place: int) -> int:
    """The minutes of a day of UTC that lie in one of the spans."""
    bits = 0
    for begin, end in spans:
        first, last = max(begin - place * MINUTES, 0), min(end - place * MINUTES, MINUTES)
        if first < last:
            bits |= ((1 << (last - first)) - 1) << first
    return bits


def _nth(bits: int, n: int) -> int:
    """The place of the nth bit that is set."""
    low, high = 0, MINUTES
    while high - low > 1:
        middle = (low + high) // 2
        if (bits & ((1 << middle) - 1)).bit_count() >= n:
            high = middle
        else:
            low = middle
    return low


def _months_later(day: date, months: int) -> date:
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
