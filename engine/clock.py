"""The one place that asks what time it is. Everything below is handed the time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What tells the time: always aware, always UTC."""

    def now(self) -> datetime:
        """The current instant, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class StoppedClock:
    """A clock that stands still until it is moved; for tests, the demo and `--simulated-clock`."""

    def __init__(self, now: datetime) -> None:
        self._lock = threading.Lock()
        self._now = _utc(now)

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Go to an instant; never backwards.

        Raises:
            ValueError: `now` is naive, or earlier than the clock already is.
        """
        now = _utc(now)
        with self._lock:
            if now < self._now:
                raise ValueError(
                    f"the clock stands at {self._now.isoformat()} and does not go back to {now.isoformat()}"
                )
            self._now = now

    def advance(self, delta: timedelta | None = None, **parts: float) -> datetime:
        """Go on by `delta`, or by days=, hours=, minutes=; return the new instant."""
        self.set(self._now + (delta if delta is not None else timedelta(**parts)))
        return self._now


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)
