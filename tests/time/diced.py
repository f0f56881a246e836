"""Calendars and counts diced from a number, for the comparison with the slow count: the same number, the same case.

Each calendar is a year or two of somebody's life, told in files: a country, on it a region, on that a house; with
several spans a day, half days, make-up days, days taken back, zones whose clocks are changed, every day of the year.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from engine.calendar import Calendar, load
from engine.calendar.zones import zone_names
from engine.deadline import Pause, Span, due
from tests.time.minutes import Part, SlowCount, Stop, Year, instant_of, minute_of

SHIPPED = Path(__file__).parents[2] / "bpmn" / "shared" / "calendars"
_CN = (SHIPPED / "cn.toml").read_text("utf-8")
_ALL_YEAR = (SHIPPED / "365x8.toml").read_text("utf-8")
#: So many cases share a calendar.
SHARE = 100
ZONES = sorted(zone_names())
#: Zones whose clocks are or were changed in their own way.
ODD = [
    "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Havana", "America/St_Johns",
    "America/Sao_Paulo", "Africa/Cairo", "Asia/Tehran", "Asia/Kathmandu", "Pacific/Chatham", "Antarctica/Troll",
    "America/Santiago", "Asia/Gaza", "Africa/Casablanca", "Asia/Pyongyang", "America/Caracas", "Europe/Istanbul",
    "Pacific/Apia", "Antarctica/Casey", "Asia/Amman",
]  # fmt: skip
_SPANS = [
    '"09:00-12:00", "13:00-18:00"', '"08:30-12:00", "14:00-17:30"', '"09:00-12:00"', '"08:00-20:00"', '"00:00-24:00"',
    '"01:00-02:30", "05:00-20:00"', '"22:00-24:00"', '"00:00-02:00", "04:00-06:00", "23:00-24:00"',
    '"08:00-10:00", "10:15-12:00", "13:30-15:00", "15:15-19:45"',
]  # fmt: skip
_FIRST, _LAST = 2000, 2039
UNITS = ("minute", "hour", "work_hour", "workday", "day", "week", "month", "date_field")
_MOST = {
    "minute": 20_000,
    "hour": 200,
    "work_hour": 60,
    "workday": 25,
    "day": 45,
    "week": 5,
    "month": 4,
    "date_field": 1,
}


@dataclass(frozen=True, kw_only=True)
class World:
    """A calendar, as our own and as the slow count reads it, and when it is lived in."""

    texts: tuple[str, ...]
    calendar: Calendar
    year: Year
    since: datetime
    #: Days worth starting near.
    near: tuple[date, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A limit with everything it may have, from a start, in a world."""

    number: int
    world: World
    start: int
    parts: tuple[Part, ...]
    roll: str
    civil: bool
    stops: tuple[Stop, ...]
    cap: Part | None

    def quick(self) -> int:
        """What the engine says."""
        first, *more = (Span(amount=_amount(n), unit=unit) for n, unit in self.parts)
        found = due(
            instant_of(self.start), first.amount, first.unit, self.world.calendar, roll=self.roll, civil=self.civil,
            pauses=[Pause(since=instant_of(a), until=instant_of(b)) for a, b in self.stops], extensions=more,
            cap=Span(amount=_amount(self.cap[0]), unit=self.cap[1]) if self.cap else None,
        )  # fmt: skip
        return minute_of(found.instant)

    def slow(self) -> int:
        """What the clock on the wall says."""
        return self.count().due(self.parts, self.cap)

    def count(self) -> SlowCount:
        """The slow count of it."""
        return SlowCount(self.world.year, self.start, roll=self.roll, civil=self.civil, stops=self.stops)

    def told(self) -> str:
        """Enough to look at it by hand."""
        local = self.world.calendar.local
        facts = {"parts": [(str(n), u) for n, u in self.parts], "roll": self.roll, "civil": self.civil,
                 "stops": [(f"{local(instant_of(a))}", f"{local(instant_of(b))}") for a, b in self.stops],
                 "cap": self.cap and (str(self.cap[0]), self.cap[1])}  # fmt: skip
        ends = f"engine {local(instant_of(self.quick()))}, minutes {local(instant_of(self.slow()))}"
        return f"case {self.number} from {local(instant_of(self.start))}: {facts}: {ends}\n" + "\n".join(
            self.world.texts
        )


def case(number: int) -> Case:
    """The case of that number."""
    world = world_of(number // SHARE)
    dice = random.Random(number)
    start = _start(dice, world)
    first = _part(dice)
    more = [_part(dice) for _ in range(dice.choice((0, 0, 0, 1, 2)))]
    if dice.random() < 0.1:  # budgets in sequence, of one kind
        more = [(Fraction(dice.randint(1, 10)), first[1]) for _ in range(2)] if first[1] != "date_field" else more
    rolls = ("none", "none", "next_workday", "previous_workday")
    return Case(
        number=number, world=world, start=start, parts=(first, *more), roll=dice.choice(rolls),
        civil=dice.random() < 0.25, stops=_stops(dice, start), cap=_part(dice) if dice.random() < 0.25 else None,
    )  # fmt: skip


@lru_cache(maxsize=2)
def world_of(number: int) -> World:
    """The world of that number: one in eight is the shipped calendar, one in sixteen all the year."""
    dice = random.Random(f"world {number}")
    year = dice.randint(_FIRST, _LAST)
    texts = (_CN,) if number % 8 == 1 else (_ALL_YEAR,) if number % 16 == 2 else _drawn(dice, year)
    if number % 8 == 1:
        year = dice.choice((2023, 2024, 2025, 2026, 2027))
    kept = {f"level{n}": text.encode() for n, text in enumerate(texts)}
    last = f"level{len(texts) - 1}"
    calendar = load(kept[last], base=kept.get)
    return World(
        texts=texts, calendar=calendar, year=Year(*texts), since=datetime(year, 1, 1, tzinfo=UTC),
        near=tuple(sorted(calendar.specials)),
    )  # fmt: skip


def _drawn(dice: random.Random, year: int) -> tuple[str, ...]:
    zone = dice.choice(("Asia/Shanghai", dice.choice(ODD), dice.choice(ODD), dice.choice(ZONES)))
    usual = dice.choice(_SPANS)
    week = [f"[{usual}]"] * 5 + ["[]"] * 2
    for _ in range(dice.choice((0, 0, 1, 3))):
        week[dice.randrange(7)] = f"[{dice.choice(('', *_SPANS))}]"
    if not any(len(hours) > 2 for hours in week):
        week[0] = f"[{usual}]"
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    lines = ['name = "level0"', f'zone = "{zone}"', "[week]", *map("{} = {}".format, names, week)]
    texts = ["\n".join(lines + _specials(dice, year, ("holiday", "makeup", "half", "company"), 12))]
    for level in range(1, dice.choice((1, 2, 3))):  # a region, a house
        top = [f'name = "level{level}"', f'extends = "level{level - 1}"']
        top += ["[week]", f"{dice.choice(names)} = [{dice.choice(_SPANS)}]"] if dice.random() < 0.2 else []
        texts.append("\n".join(top + _specials(dice, year, ("holiday", "makeup", "half", "company"), 6)))
    return tuple(texts)


def _specials(dice: random.Random, year: int, kinds: tuple[str, ...], most: int) -> list[str]:
    lines = []
    for _ in range(dice.randint(0, most)):
        kind, first = dice.choice(kinds), date(year, 1, 1) + timedelta(days=dice.randrange(420))
        lines += [f"[[{kind}]]", f"from = {first}"]
        lines += [f"to = {first + timedelta(days=dice.randint(1, 8))}"] if dice.random() < 0.5 else []
        if kind == "half" or (kind in ("makeup", "company") and dice.random() < 0.3):
            lines.append(f"hours = [{dice.choice(_SPANS)}]")
    return lines


def _start(dice: random.Random, world: World) -> int:
    """Any minute; or near a special day, a change of the clocks, an opening or a closing, a midnight."""
    hour = timedelta(hours=1)
    any_day = world.since + timedelta(days=dice.randrange(366), minutes=dice.randrange(1440))
    at = any_day
    if world.near and dice.random() < 0.4:
        near = dice.choice(world.near)
        if abs(near.year - world.since.year) <= 1:
            at = datetime(near.year, near.month, near.day, tzinfo=UTC) + timedelta(minutes=dice.randint(-2880, 1440))
    elif dice.random() < 0.3:
        offsets = [(world.since + n * timedelta(days=1)) for n in range(366)]
        zone = world.calendar.tz
        jumps = [d for d in offsets if d.astimezone(zone).utcoffset() != (d + 24 * hour).astimezone(zone).utcoffset()]
        at = dice.choice(jumps or [at]) + timedelta(minutes=dice.randint(-1440, 2880))
    if dice.random() < 0.3:
        spans = world.calendar.day(at.date()).spans or ((0, 1440),)
        at = world.calendar.at(at.date(), dice.choice(dice.choice(spans))) + timedelta(minutes=dice.randint(-1, 1))
    return minute_of(at)


def _part(dice: random.Random) -> Part:
    unit = dice.choice(UNITS)
    if unit in ("hour", "work_hour") and dice.random() < 0.3:
        return Fraction(dice.randint(1, 4 * _MOST[unit]), 4), unit
    few = dice.random() < 0.6
    least = 1 if unit == "work_hour" else 0
    return Fraction(dice.randint(least, min(_MOST[unit], 5) if few and unit != "minute" else _MOST[unit])), unit


def _stops(dice: random.Random, start: int) -> tuple[Stop, ...]:
    """Up to four times the clock stood still: some before the start, some that overlap, some that touch."""
    stops, at = [], start
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 3, 4))):
        begin = at + dice.choice((0, dice.randint(-300, 300), dice.randint(1, 6000)))
        at = begin + dice.choice((dice.randint(1, 600), dice.randint(1, 9000)))
        stops.append((begin, at))
    dice.shuffle(stops)
    return tuple(stops)


def _amount(amount: Fraction) -> Decimal | int:
    return int(amount) if amount.denominator == 1 else Decimal(amount.numerator) / Decimal(amount.denominator)
