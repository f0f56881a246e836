"""Cases that are received, accepted and acknowledged at odd moments, paused and extended meanwhile: every limit, from
whichever of these it counts, ends when the slow count says, after each thing that happens."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from engine.deadline import check, due
from engine.history import ClockPaused, ClockResumed, DeadlineExtended, DeadlineSet, Event, Record
from engine.replay import verify
from engine.values import decode, encode
from tests.run.drawing import PACK, Driven, drawn
from tests.time.diced import SHIPPED
from tests.time.minutes import Part, SlowCount, Stop, Year, instant_of, minute_of

STAGES = """
    startEvent s milestone=received
    userTask accept limit=W milestone=accepted
    userTask acknowledge limit=L milestone=acknowledged
    userTask answer limit=L limit-variant=long
    s > accept > acknowledge > answer
"""
LIMITS = """
  R1: {zh: 收, en: R1, value: 15, unit: workday, stage: case, from: received, pausable: true}
  R2: {zh: 收, en: R2, value: 48, unit: hour, stage: case, from: received, pausable: true}
  R3: {zh: 收, en: R3, value: 20, unit: day, stage: case, from: received, set_at: acknowledged, pausable: true}
  A1: {zh: 受理, en: A1, value: 30, unit: workday, stage: legal, from: accepted, pausable: true, cap: {value: 60, unit: day}}
  A2: {zh: 受理, en: A2, value: 15, unit: day, stage: legal, from: accepted, civil: true, pausable: true}
  A3: {zh: 受理, en: A3, value: 9, unit: day, stage: legal, from: accepted, roll: next_workday}
  K1: {zh: 告知, en: K1, value: 1, unit: month, stage: case, from: acknowledged, roll: previous_workday, pausable: true}
  K2: {zh: 告知, en: K2, value: 13, unit: work_hour, stage: case, from: acknowledged, pausable: true}
  W: {zh: 时, en: W, value: 5, unit: work_hour, stage: task, from: task, pausable: true}
  L: {zh: 日, en: L, value: 2, unit: workday, stage: task, from: task, pausable: true, variants: {long: {value: 3, unit: day}}}
"""
#: Limit (and variant): what it counts from, its span, how it ends, its cap, whether it may pause.
RULES: dict[str, tuple[str, Part, str, bool, Part | None, bool]] = {
    "R1": ("received", (Fraction(15), "workday"), "none", False, None, True),
    "R2": ("received", (Fraction(48), "hour"), "none", False, None, True),
    "R3": ("received", (Fraction(20), "day"), "none", False, None, True),
    "A1": ("accepted", (Fraction(30), "workday"), "none", False, (Fraction(60), "day"), True),
    "A2": ("accepted", (Fraction(15), "day"), "none", True, None, True),
    "A3": ("accepted", (Fraction(9), "day"), "next_workday", False, None, False),
    "K1": ("acknowledged", (Fraction(1), "month"), "previous_workday", False, None, True),
    "K2": ("acknowledged", (Fraction(13), "work_hour"), "none", False, None, True),
    "accept-1": ("received", (Fraction(5), "work_hour"), "none", False, None, True),
    "acknowledge-1": ("accepted", (Fraction(2), "workday"), "none", False, None, True),
    "answer-1": ("acknowledged", (Fraction(3), "day"), "none", False, None, True),
}
CN = (SHIPPED / "cn.toml").read_text("utf-8")
#: The house closes at noon on the eve of Spring Festival, and goes on an outing in May.
HOUSE = 'name = "house"\nextends = "cn"\n[[half]]\nfrom = 2026-02-13\nhours = ["09:00-12:00"]\n[[company]]\nfrom = 2026-05-15\n'
RELEASE = drawn(
    STAGES,
    pack=PACK[: PACK.index("limits:")].replace("calendar: cn", "calendar: house") + "limits:" + LIMITS,
    files={"calendars/cn.toml": CN.encode(), "calendars/house.toml": HOUSE.encode()},
)
YEAR = Year(CN, HOUSE)


@dataclass
class Story:
    """A case, and what a bystander with a clock has put down about it."""

    dice: random.Random
    case: Driven
    reached: dict[str, int]
    stops: list[Stop] = field(default_factory=list)
    stopped: int | None = None
    more: dict[str, list[Part]] = field(default_factory=dict)

    def go_on(self) -> None:
        """Time goes by, and something happens."""
        self.case.wait(minutes=self.dice.choice((self.dice.randint(0, 400), self.dice.randint(0, 9000))))
        self.dice.choice((self.do, self.pause_or_resume, self.pause_or_resume, self.extend))()

    def do(self) -> None:
        """The open task is done."""
        (element,) = self.case.open()
        if element != "answer":  # the last one is left open, so that what runs can be looked at
            self.case.done(element)
            self.reached[{"accept": "accepted", "acknowledge": "acknowledged"}[element]] = minute_of(self.case.at)

    def pause_or_resume(self) -> None:
        now = minute_of(self.case.at)
        if self.stopped is None:
            self.stopped = now
            self.case.hear(ClockPaused(at=self.case.at, reason="asked for a receipt"))
        else:
            self.stops.append((self.stopped, now))
            self.stopped = None
            self.case.hear(ClockResumed(at=self.case.at))

    def extend(self) -> None:
        name = self.dice.choice([d.name for d in self.case.run.deadlines.values() if d.met is None])
        part = (Fraction(self.dice.randint(1, 10)), self.dice.choice(("workday", "day", "hour", "work_hour", "week")))
        self.more.setdefault(name, []).append(part)
        self.case.hear(DeadlineExtended(
            at=self.case.at, actor="chief", deadline=name, amount=int(part[0]), unit=part[1], reason="complex",
            approved_by="chief",
        ))  # fmt: skip

    def expected(self, name: str) -> int:
        """When a deadline ends by the clock on the wall."""
        since, span, roll, civil, cap, pausable = RULES[name]
        stops = self.stops if pausable else []
        count = SlowCount(YEAR, self.reached[since], roll=roll, civil=civil, stops=stops)
        return count.due([span, *self.more.get(name, [])], cap)


def stories(many: int, seed: int) -> Iterator[Story]:
    for n in range(many):
        dice = random.Random(f"{seed} {n}")
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(300 * 1440))
        yield Story(dice=dice, case=Driven(RELEASE, at=at), reached={"received": minute_of(at)})


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_every_limit_ends_when_the_slow_count_says(seed: int) -> None:
    seen: set[str] = set()
    for story in stories(25, seed):
        for _ in range(10):
            story.go_on()
            for name, deadline in story.case.run.deadlines.items():
                if deadline.met is None:
                    assert deadline.due == instant_of(story.expected(name)), (name, deadline.trace)
                    check(deadline.trace, RELEASE.calendar())
                    seen.add(name)
        assert verify(story.case.records(), {RELEASE.digest: RELEASE}.__getitem__, story.case.run.snapshot()).agrees
    assert seen == set(RULES)


def resealed(case: Driven, kind: type[Event], change: Callable[[Any], Event]) -> list[Record]:
    """The history with its first event of a kind rewritten and every hash after it made to fit."""
    at = next(n for n, event in enumerate(case.events) if isinstance(event, kind))
    case.events[at] = change(case.events[at])
    return case.records()


@pytest.mark.parametrize("whole", [False, True])
def test_a_deadline_that_was_rewritten_is_found_even_where_every_hash_fits(whole: bool) -> None:
    (story,) = stories(1, 7)

    def later(event: DeadlineSet) -> DeadlineSet:
        if whole:  # counted properly, but from a day later: the trace proves itself
            found = due(event.trace["start"] + timedelta(days=1), 15, "workday", RELEASE.calendar())
            return replace(event, due=found.instant, trace=decode(encode(found.trace)))
        moved = event.due + timedelta(days=1)
        return replace(event, due=moved, trace={**event.trace, "due": moved})

    verdict = verify(resealed(story.case, DeadlineSet, later), {RELEASE.digest: RELEASE}.__getitem__, None)
    assert verdict.difference is not None and not verdict.agrees
    assert "deadline" in str(verdict.difference).lower()
