"""Who else has a case open: kept in the memory of this process for as long as a page says so, and nowhere else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

#: A page says so every twenty seconds; who was not heard of for this long has gone.
STAYS = 50.0
#: More cases than this are not remembered: the oldest are forgotten.
MOST = 5000


class Presence:
    """Who is where."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, float]] = {}
        self._lock = threading.Lock()

    def look(self, case: str, person: str) -> list[str]:
        """Say that somebody looks at a case; returns who else does, by name."""
        now = time.monotonic()
        with self._lock:
            here = {name: at for name, at in self._seen.pop(case, {}).items() if now - at < STAYS}
            # Put at the end: what nobody looks at any more stands first.
            self._seen[case] = {**here, person: now}
            for old in list(self._too_many()):
                del self._seen[old]
        return sorted(name for name in here if name != person)

    def _too_many(self) -> Iterator[str]:
        yield from list(self._seen)[: max(0, len(self._seen) - MOST)]
