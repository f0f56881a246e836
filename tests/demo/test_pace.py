"""When the demo's people come: in office hours, and late mostly in cases that drag."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.demo.pace import Pace
from api.settings import Settings
from engine.calendar import Calendar
from engine.release import Release, gather

#: The Saturday before the spring festival is a make-up working day; the week after it nobody works.
FRIDAY = datetime(2026, 2, 13, 9, 20, tzinfo=UTC)
HOLIDAY = datetime(2026, 2, 18, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    """The Chinese working calendar, as the packs have it."""
    settings = Settings.load({}, {})
    pack: Path = settings.bpmn / "packs" / "mfg-gm-office"
    return Release.of(gather(pack, settings.bpmn / "shared", settings.forms)).calendar()


def office_hours(calendar: Calendar, at: datetime) -> bool:
    local = calendar.local(at)
    return calendar.works(local.date()) and 9 * 60 <= local.hour * 60 + local.minute <= 17 * 60 + 30


@pytest.mark.parametrize("since", [FRIDAY, HOLIDAY, FRIDAY + timedelta(hours=5)])
def test_nobody_works_at_night_or_on_a_holiday(calendar: Calendar, since: datetime) -> None:
    pace = Pace(calendar, random.Random(3))
    for _ in range(50):
        for at in (
            pace.comes(since, None, drags=False),
            pace.comes(since, None, drags=True),
            pace.after(since, hours=20),
        ):
            assert at >= since and office_hours(calendar, at)


def test_a_limit_is_kept_in_good_hands_and_often_missed_where_a_case_drags(calendar: Calendar) -> None:
    pace = Pace(calendar, random.Random(3))
    due = FRIDAY + timedelta(days=2)
    assert all(pace.comes(FRIDAY, due, drags=False) <= due for _ in range(200))
    assert 30 < sum(pace.comes(FRIDAY, due, drags=True) > due for _ in range(200)) < 90


def test_a_refusal_is_seldom(calendar: Calendar) -> None:
    pace = Pace(calendar, random.Random(3))
    refused = sum(pace.answers(FRIDAY, "customer-refuses") is not None for _ in range(400))
    accepted = sum(pace.answers(FRIDAY, "customer-accepts") is not None for _ in range(400))
    assert 20 < refused < 100 < accepted < 380
