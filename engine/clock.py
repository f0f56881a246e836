"""The one place that asks what time it is. Everything below is handed the time."""

from __future__ import annotations

import threading
import time
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
        self.set(self.now() + (delta if delta is not None else timedelta(**parts)))
        return self.now()


class SimulatedClock(StoppedClock):
    """Stands still until it is told to go on; from then on it goes on by itself and may still be moved ahead."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        #: The machine's monotonic seconds at which the clock stood at `_now`; None while it stands still.
        self._since: float | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it goes on by itself."""
        return self._since is not None

    def now(self) -> datetime:
        with self._lock:
            return self._reached()

    def set(self, now: datetime) -> None:
        now = _utc(now)
        if self._since is None:
            super().set(now)
            return
        with self._lock:
            # Whoever asked for "now" a moment ago is behind already; a clock that goes on does not mind.
            self._now, self._since = max(now, self._reached()), time.monotonic()

    def go_on(self) -> None:
        """Begin to go on by itself, from where it stands."""
        with self._lock:
            self._now, self._since = self._reached(), time.monotonic()

    def _reached(self) -> datetime:
        return self._now if self._since is None else self._now + timedelta(seconds=time.monotonic() - self._since)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)
