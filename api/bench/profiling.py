"""Where the CPU of an action goes, by room: our own modules, and the libraries under them."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

#: Folder of a path -> the room it is reported as; the first that fits.
_ROOMS = (
    "engine/",
    "api/",
    "forms/",
    "sqlalchemy",
    "SpiffWorkflow",
    "psycopg",
    "flask",
    "werkzeug",
    "orjson",
    "cryptography",
)


def shares(work: Callable[[], object], times: int) -> dict[str, float]:
    """Percent of the CPU spent in each room itself, the greatest first; built-in functions count for who calls them."""
    profile = cProfile.Profile(time.process_time)
    with profile:
        for _ in range(times):
            work()
    spent: dict[str, float] = defaultdict(float)
    for (file, _line, name), (_calls, _all, own, _in_all, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file != "~" or "sqlite3" in name or "psycopg" in name:
            spent[_room(file) if file != "~" else "database"] += own
            continue
        whole = sum(c[2] for c in callers.values()) or 1.0
        for (caller, _l, _n), (_c, _a, part, _i) in callers.items():
            spent[_room(caller if caller != "~" else name)] += own * part / whole
    total = sum(spent.values()) or 1.0
    return {room: 100 * s / total for room, s in sorted(spent.items(), key=lambda item: -item[1]) if s / total >= 0.01}


def _room(file: str) -> str:
    path = Path(file).as_posix()
    for name in _ROOMS:
        if name.endswith("/"):
            inside = path.rpartition(f"/{name}")[2]
            if f"/{name}" in path and "site-packages" not in path:
                return name + inside.partition("/")[0].removesuffix(".py")
        elif f"/{name}/" in path:
            return name
    return "Python"
