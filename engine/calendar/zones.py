"""Time zones from the pinned `tzdata` package alone, so that every machine counts by the same rules.

The standard library would take the operating system's files first, and a trace could not say by which
version it was counted. A local clock that is put back is waited out: `first_reading` is the first instant
at which the clock shows at least that time, so that days and spans never overlap and never run backwards.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from zoneinfo import ZoneInfo

#: The version of the zone rules, as traces name it.
TZ_VERSION = version("tzdata")


@cache
def zone_names() -> frozenset[str]:
    """Every zone there is."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name.

    Raises:
        KeyError: there is none.
    """
    if name not in zone_names():
        raise KeyError(name)
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def first_reading(tz: ZoneInfo, local: datetime) -> datetime:
    """The first instant, in UTC, at which a clock in the zone shows `local` (naive) or later."""
    late = local.replace(tzinfo=tz).astimezone(UTC)
    if _shown(late, tz) == local:
        return late
    # The clock jumped over that time: look for the jump.
    early = local.replace(tzinfo=tz, fold=1).astimezone(UTC)
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        early, late = (early, middle) if _shown(middle, tz) >= local else (middle, late)
    return late


def _shown(at: datetime, tz: ZoneInfo) -> datetime:
    return at.astimezone(tz).replace(tzinfo=None)
