"""What every part of a transaction has in hand: the connection, the clock, what this process knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exc

from engine.clock import Clock
from engine.errors import EngineError
from engine.history import instant, micros
from engine.store.tables import NEVER


@dataclass(frozen=True, kw_only=True)
class Few:
    """How many are few. Few are found in one way, more in another, which would be slow for few; what is found is the same."""

    #: Cases found by a word are looked at one by one; more are met soon enough on the way.
    cases: int = 2000
    #: Passages that say something; what more say is met in nearly every case.
    passages: int = 50_000
    #: Sets of candidates a reader's list is merged from; with more it is sorted.
    sets: int = 150


class Bound:
    """Part of a transaction."""

    def __init__(self, sql: Connection, *, clock: Clock, offers: set[int], few: Few) -> None:
        self._sql = sql
        self._clock = clock
        self._few = few
        #: Sets of candidates this process has seen committed: they need no statement any more.
        self._offers = offers
        #: Those this transaction wrote; known to all once it is committed.
        self._new_offers: set[int] = set()
        #: Cases that are known to have no draft, because this transaction holds their head.
        self._undrafted: set[str] = set()

    @property
    def _sqlite(self) -> bool:
        return self._sql.dialect.name == "sqlite"

    def _now(self) -> int:
        return micros(self._clock.now())

    @contextmanager
    def _taken_is(self, error: EngineError) -> Iterator[None]:
        """Say `error` where a row with this key exists already."""
        try:
            yield
        except exc.IntegrityError as taken:
            raise error from taken

    @contextmanager
    def _tentative(self) -> Iterator[None]:
        """What fails in here is undone alone; the transaction goes on."""
        with self._sql.begin_nested():
            yield


def moment(micro: int | None) -> datetime | None:
    """A stored instant; None where there is none."""
    return None if micro is None or micro == NEVER else instant(micro)


def names(text: str) -> tuple[str, ...]:
    """A list of names as stored by `projection.listed`."""
    return () if text == "[]" else tuple(json.loads(text))
