"""What the laws are tried on: calendars of every shape, instants from 2000 to 2040, amounts, pauses.

Ten thousand cases in an ordinary run, a million with KESU_NIGHTLY=1, shared out among the laws.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from engine.calendar import Calendar, Special, load
from engine.calendar.zones import zone_names
from engine.deadline import Pause

NIGHTLY = os.environ.get("KESU_NIGHTLY") == "1"
CASES = 1_000_000 if NIGHTLY else 10_000
#: How many laws share them; the dear ones take a half or a quarter.
LAWS = 19

SHIPPED = Path(__file__).parents[2] / "bpmn" / "shared" / "calendars"
CN = load((SHIPPED / "cn.toml").read_bytes())
ALL_YEAR = load((SHIPPED / "365x8.toml").read_bytes())
#: Monday to Friday and no holidays at all.
PLAIN = Calendar(name="plain", version="plain", zone="Asia/Shanghai", week=CN.week)

#: Samoa left out a Friday: whoever counts days on the wall and whoever counts dates disagree about it, both rightly.
_LEFT_OUT = {"Pacific/Apia", "Pacific/Fakaofo"}
_ODD = [
    "Asia/Shanghai", "UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Havana",
    "America/St_Johns", "America/Sao_Paulo", "Africa/Cairo", "Asia/Tehran", "Asia/Kathmandu", "Pacific/Chatham",
    "Antarctica/Troll", "America/Santiago", "Asia/Gaza", "Africa/Casablanca", "Asia/Pyongyang", "America/Caracas",
    "Europe/Istanbul", "Asia/Amman",
]  # fmt: skip
ZONES = sorted(zone_names() - _LEFT_OUT) if NIGHTLY else _ODD

_LAYOUTS = [
    ((540, 720), (780, 1080)), ((540, 720), (780, 1080)), ((480, 720),), ((0, 1440),), ((60, 150), (300, 1200)),
    ((1320, 1440),), ((0, 120), (240, 360), (1380, 1440)),
]  # fmt: skip
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_MINUTES = (datetime(2040, 1, 1, tzinfo=UTC) - FIRST) // timedelta(minutes=1)

COUNTED = ["minute", "hour", "work_hour", "workday", "day", "week", "month"]
units = st.sampled_from(COUNTED)
anywhen = st.integers(0, _MINUTES).map(lambda n: FIRST + timedelta(minutes=n))
#: Clocks are changed in these months, mostly, on a Sunday: minutes from the Saturday before.
changes = st.builds(
    lambda year, month, week, n: _sunday(year, month, week) + timedelta(minutes=n),
    st.integers(2000, 2039), st.sampled_from([3, 4, 9, 10, 11]), st.integers(0, 3), st.integers(-1440, 480),
)  # fmt: skip
instants = anywhen | changes
few = st.integers(0, 12)
some = st.integers(1, 12)


def calendar_of(seed: int, around: datetime) -> Calendar:
    """A week with at least one working day, and a few special days around an instant; one in three is the shipped one."""
    dice = random.Random(seed)
    if dice.random() < 1 / 3:
        return CN
    week = [dice.choice([(), *_LAYOUTS]) for _ in range(7)]
    if not any(week):
        week[dice.randrange(7)] = _LAYOUTS[0]
    specials = {}
    for _ in range(dice.randrange(7)):
        kind = dice.choice(["holiday", "company", "makeup", "half"])
        spans = () if kind in ("holiday", "company") else dice.choice(_LAYOUTS)
        day = around.date() + timedelta(days=dice.randint(-3, 25))
        specials[day] = Special(kind=kind, spans=spans, zh="某日", en="Some day")
    return Calendar(name="drawn", version="drawn", zone=dice.choice(ZONES), week=tuple(week), specials=specials)


#: An instant, and a calendar. Calendars are diced from a seed: drawing them piece by piece takes longer than the laws.
worlds = st.builds(lambda start, seed: (start, calendar_of(seed, start)), instants, st.integers(0, 2**32))


def _sunday(year: int, month: int, week: int) -> datetime:
    first = datetime(year, month, 1, tzinfo=UTC)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * week)


@st.composite
def pauses_after(draw: Callable[[Any], Any], start: datetime) -> list[Pause]:
    """Up to three pauses, one after the other."""
    pauses, at = [], start
    for gap, length in draw(st.lists(st.tuples(st.integers(1, 6000), st.integers(1, 9000)), max_size=3)):
        since = at + timedelta(minutes=gap)
        at = since + timedelta(minutes=length)
        pauses.append(Pause(since=since, until=at))
    return pauses


def with_day(calendar: Calendar, day: date, spans: tuple[tuple[int, int], ...], kind: str = "") -> Calendar:
    """The calendar with one day made a holiday, or a working day."""
    kind = kind or ("makeup" if spans else "holiday")
    specials = {**calendar.specials, day: Special(kind=kind, spans=spans, zh="", en="")}
    return Calendar(
        name=calendar.name, version="other", zone=calendar.zone, week=calendar.week, specials=specials,
        published=calendar.published,
    )  # fmt: skip


def law(share: float = 1.0) -> settings:
    """How many cases a law is tried on. The ordinary run always tries the same ones; nights try new ones."""
    return settings(
        max_examples=int(CASES / LAWS * share),
        deadline=None,
        database=None,
        derandomize=not NIGHTLY,
        suppress_health_check=list(HealthCheck),
    )
