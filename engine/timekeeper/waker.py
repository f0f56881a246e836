"""The one door to APScheduler: a thread that pokes the executor again and again.

Nothing depends on its punctuality: the truth is the job table, a poke too many is harmless and a
poke too few is made up for by the next. The scheduler keeps its only job in memory, and a
watchdog outside can ask whether it still runs.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

#: Seconds between two pokes.
EVERY = 1.0
#: Seconds without a finished poke after which the waker counts as stuck.
STUCK_AFTER = 60.0

log = logging.getLogger("kesu.timekeeper")


class Waker:
    """Pokes while the service runs."""

    def __init__(self, poke: Callable[[], object], *, every: float = EVERY) -> None:
        self._poke = poke
        self._last = time.monotonic()
        self._stopped = threading.Event()
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            # A late poke is still a poke: the library's default would skip it.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone="UTC",
        )
        self._scheduler.add_job(self._tick, "interval", seconds=every, id="poke")

    def start(self) -> None:
        """Begin to poke."""
        self._scheduler.start()

    def stop(self) -> None:
        """Let the poke under way finish, then stop."""
        self._stopped.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    @property
    def silent_for(self) -> float:
        """Seconds since the last finished poke."""
        return time.monotonic() - self._last

    @property
    def well(self) -> bool:
        """Whether the thread lives and has poked lately."""
        thread = getattr(self._scheduler, "_thread", None)
        return bool(thread and thread.is_alive()) and self.silent_for < STUCK_AFTER

    def _tick(self) -> None:
        if self._stopped.is_set():
            return
        try:
            self._poke()
        except Exception:
            # The scheduler must outlive whatever one poke met; the job table still holds the work.
            log.exception("poke failed")
        finally:
            self._last = time.monotonic()
