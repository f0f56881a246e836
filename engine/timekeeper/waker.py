"""The one door to APScheduler: threads that poke the executor again and again, and a watchdog over them.

Nothing depends on their punctuality: the truth is the job table, a poke too many is harmless and a
poke too few is made up for by the next. The scheduler keeps its jobs in memory. The watchdog begins
it anew when its thread has died, or when it sleeps too long: it goes by the machine's clock, and one that
is set back by an hour would let it sleep for that hour. Everybody may ask whether it still runs.

After a poke the waker stays awake as long as something falls due before the next one, so that
what is due in a moment is not done a second late.
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
#: Seconds between two looks of the watchdog.
WATCH_EVERY = 2.0
#: Seconds by which a poke may be late before the watchdog takes the scheduler to be asleep.
OVERSLEPT = 3.0

log = logging.getLogger("kesu.timekeeper")
# While a poke lasts longer than the time between two, the library would say so every time; that is as it should be.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


class Waker:
    """Pokes while the service runs."""

    def __init__(
        self,
        poke: Callable[[], object],
        *,
        every: float = EVERY,
        rest: Callable[[], float | None] | None = None,
        renew: Callable[[], object] | None = None,
        renew_every: float = 10.0,
    ) -> None:
        """
        Args:
            poke: says by something true that there was something to do.
            rest: seconds until something falls due, 0 or less where something is; None where nothing waits.
            renew: is called beside the pokes, also while one of them lasts.
        """
        self._poke, self._every, self._rest = poke, every, rest
        self._renew, self._renew_every = renew, renew_every
        self._last = self._held = time.monotonic()
        self._poking = self._holding = False
        self._stopped = threading.Event()
        self._scheduler = self._new()
        self._watchdog = threading.Thread(target=self._watch, name="kesu-watchdog", daemon=True)
        #: How often the scheduler had to be begun anew.
        self.restarts = 0

    def start(self) -> None:
        """Begin to poke."""
        self._last = self._held = time.monotonic()
        self._scheduler.start()
        self._watchdog.start()

    def stop(self) -> None:
        """Let the poke under way finish, then stop."""
        self._stopped.set()
        if self._watchdog.is_alive():
            self._watchdog.join()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    @property
    def silent_for(self) -> float:
        """Seconds since the last finished poke."""
        return time.monotonic() - self._last

    @property
    def alive(self) -> bool:
        """Whether the scheduler's thread lives."""
        thread = getattr(self._scheduler, "_thread", None)
        return bool(thread and thread.is_alive())

    @property
    def well(self) -> bool:
        """Whether the thread lives and has poked lately."""
        return self.alive and self.silent_for < STUCK_AFTER

    def _new(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            # A poke may last; renewing must not wait for it.
            executors={"default": ThreadPoolExecutor(1), "renewing": ThreadPoolExecutor(1)},
            # A late poke is still a poke: the library's default would skip it.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone="UTC",
        )
        scheduler.add_job(self._tick, "interval", seconds=self._every, id="poke")
        if self._renew is not None:
            scheduler.add_job(
                self._hold, "interval", seconds=self._renew_every, id="renew", executor="renewing"
            )
        return scheduler

    def _watch(self) -> None:
        while not self._stopped.wait(WATCH_EVERY):
            # The library's thread dies silently when something inside its loop raises.
            if self.alive and not self._overslept():
                continue
            log.error("the scheduler's thread %s; beginning it anew", "has overslept" if self.alive else "has died")
            old, self._scheduler = self._scheduler, self._new()
            self._last = self._held = time.monotonic()
            self._scheduler.start()
            self.restarts += 1
            if old.running:
                old.shutdown(wait=False)

    def _overslept(self) -> bool:
        """Whether something should have begun long ago, and nothing of it is under way."""
        now = time.monotonic()
        poke = not self._poking and now - self._last > self._every + OVERSLEPT
        hold = not self._holding and now - self._held > self._renew_every + OVERSLEPT
        return poke or (self._renew is not None and hold)

    def _tick(self) -> None:
        """Poke, and again at the moment something falls due, as long as that is before the next tick would come."""
        self._poking, vain = True, 0
        try:
            while not self._stopped.is_set() and vain < 2:
                did, rest = self._poked()
                if rest is None or rest >= self._every:
                    return
                # What is due and cannot be done is in the way of another node: no reason to run in circles. Once
                # is tried again, because it may have fallen due only after the poke had looked.
                vain = vain + 1 if rest <= 0 and not did else 0
                self._stopped.wait(max(rest, 0))
        finally:
            self._poking = False

    def _poked(self) -> tuple[bool, float | None]:
        """Whether there was something to do, and the seconds until there is again."""
        try:
            did = bool(self._poke())
            return did, self._rest() if self._rest is not None else None
        except Exception:
            # The scheduler must outlive whatever one poke met; the job table still holds the work.
            log.exception("poke failed")
            return False, None
        finally:
            self._last = time.monotonic()

    def _hold(self) -> None:
        assert self._renew is not None
        self._holding = True
        try:
            self._renew()
        except Exception:
            # What could not be renewed is proved by its fence, or lost.
            log.exception("leases could not be renewed")
        finally:
            self._holding, self._held = False, time.monotonic()
