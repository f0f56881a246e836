"""The fast count and the slow one agree: ten thousand cases in an ordinary run, a million with KESU_NIGHTLY=1.

A case has a number that tells all about it. Nights try a million new ones; KESU_SEED=n tries those of seed n again.
"""

from __future__ import annotations

import os
import secrets

import pytest

from engine.deadline import before, elapsed
from tests.time.diced import Case, case
from tests.time.minutes import SlowCount, instant_of, minute_of
from tests.time.worlds import CASES, NIGHTLY

_SEED = int(os.environ.get("KESU_SEED", secrets.randbelow(1_000_000) if NIGHTLY else 0))
_PARTS = 100 if NIGHTLY else 10
#: The other way round is dearer to count slowly: every tenth case.
_EVERY = 10


def numbers(part: int, every: int = 1) -> range:
    """The numbers of the cases of a part."""
    first, many = _SEED * 1_000_000, CASES // _PARTS
    return range(first + part * many, first + (part + 1) * many, every)


def told(cases: list[Case]) -> str:
    return f"{len(cases)} differ\n" + "\n\n".join(case.told() for case in cases[:3])


@pytest.mark.parametrize("part", range(_PARTS))
def test_the_slow_count_agrees(part: int) -> None:
    cases = map(case, numbers(part))
    different = [case for case in cases if case.quick() != case.slow()]
    assert not different, told(different)


@pytest.mark.parametrize("part", range(_PARTS))
def test_the_slow_count_agrees_about_what_has_passed(part: int) -> None:
    different = []
    for it in map(case, numbers(part, _EVERY)):
        start, unit = it.start, it.parts[-1][1]
        end = it.slow() + it.number % 3001 - 1500
        unit = "day" if unit == "date_field" else unit
        passed = elapsed(instant_of(start), instant_of(end), unit, it.world.calendar)
        least = SlowCount(it.world.year, start).least(end, unit)
        # Parts of hours are told to 28 digits.
        if round(passed * 3600) != least * 3600:
            different.append(it)
    assert not different, told(different)


@pytest.mark.parametrize("part", range(_PARTS))
def test_the_slow_count_agrees_about_warnings_in_working_time(part: int) -> None:
    different = []
    for it in map(case, numbers(part, _EVERY)):
        count, end = it.count(), it.slow()
        hours = before(instant_of(end), 3, "work_hour", it.world.calendar)
        kept = minute_of(hours)
        if count.open_minutes(kept, end) != 180 or count.open_minutes(kept, kept + 1) != 1:
            different.append(it)
    assert not different, told(different)


def test_a_itkeeps_its_number() -> None:
    # Whoever is told of a case that differs must be able to look at it again.
    assert [case(n).start for n in (7, 4711)] == [case(n).start for n in (7, 4711)]
    assert case(4711).parts == case(4711).parts and case(7).start != case(8).start


def test_the_cases_have_something_of_everything() -> None:
    cases = [case(n) for n in range(0, 10_000, 5)]
    assert sum(bool(c.stops) and c.civil for c in cases) > 100
    assert sum(c.cap is not None and c.slow() < c.count().due(c.parts) for c in cases) > 100
    assert sum(len(c.parts) == 3 for c in cases) > 100
    assert {len(c.world.texts) for c in cases} == {1, 2, 3}
    assert sum(c.world.calendar.zone != "Asia/Shanghai" for c in cases) > 500
    kinds = {special.kind for c in cases for special in c.world.calendar.specials.values()}
    assert kinds == {"holiday", "makeup", "half", "company"}
    assert any(all(c.world.calendar.week) for c in cases)
