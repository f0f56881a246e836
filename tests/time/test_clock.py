"""Clocks: one that stands still, and one that goes on when it is told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import SimulatedClock, StoppedClock

MORNING = datetime(2026, 1, 5, 1, tzinfo=UTC)


def test_it_stands_still_until_it_is_told_to_go_on() -> None:
    clock = SimulatedClock(MORNING)
    clock.advance(hours=1)
    assert clock.now() == clock.now() == MORNING + timedelta(hours=1) and not clock.goes_on
    clock.go_on()
    first = clock.now()
    assert clock.goes_on and first < clock.now() < first + timedelta(minutes=5)


def test_one_that_goes_on_may_still_be_moved_ahead_but_never_back() -> None:
    clock = SimulatedClock(MORNING)
    clock.go_on()
    clock.advance(days=3)
    assert clock.now() > MORNING + timedelta(days=3)
    # Somebody who asked for "now" a moment ago is not told off, and does not turn it back.
    clock.set(MORNING)
    assert clock.now() > MORNING + timedelta(days=3)


def test_one_that_stands_refuses_to_go_back() -> None:
    clock = StoppedClock(MORNING)
    with pytest.raises(ValueError, match="does not go back"):
        clock.set(MORNING - timedelta(seconds=1))
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2027, 1, 1))  # noqa: DTZ001 - that it has no zone is the point
