"""The store: the only door to the database. One transaction per use case.

with store.begin() as tx:      # everything below happens, or nothing
    head = tx.head("C-1042")
    ...
    tx.add(head, records, state=..., keyring=...)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Connection

from engine.clock import Clock
from engine.store import schema
from engine.store.bound import Few
from engine.store.cases import CaseReading
from engine.store.comparing import Comparing
from engine.store.database import PATIENCE_SECONDS, Count, Database, counted
from engine.store.drafts import DraftReading, DraftWriting
from engine.store.jobs import JobWriting
from engine.store.kept import KeptReading, KeptWriting
from engine.store.ledger import LedgerReading, LedgerWriting
from engine.store.moves import MoveReading, MoveWriting
from engine.store.nodes import NodeReading, NodeWriting
from engine.store.overruns import OverrunReading
from engine.store.people import PeopleReading, PeopleWriting
from engine.store.queue import JobReading
from engine.store.releases import ReleaseReading, ReleaseWriting
from engine.store.reports import ReportReading, ReportWriting
from engine.store.search import SearchReading
from engine.store.standing import StandingReading
from engine.store.statistics import StatisticsReading
from engine.store.upkeep import UpkeepReading, UpkeepWriting
from engine.store.views import ViewReading, ViewWriting
from engine.store.weighing import WeighingReading
from engine.store.whole import Whole
from engine.store.worklist import WorklistReading


class Reading(
    CaseReading,
    WorklistReading,
    OverrunReading,
    SearchReading,
    StatisticsReading,
    StandingReading,
    KeptReading,
    PeopleReading,
    ReleaseReading,
    DraftReading,
    MoveReading,
    JobReading,
    LedgerReading,
    NodeReading,
    WeighingReading,
    UpkeepReading,
    ReportReading,
    ViewReading,
):
    """Everything that can be read, as of one moment."""


class Transaction(
    Comparing,
    DraftWriting,
    MoveWriting,
    KeptWriting,
    PeopleWriting,
    ReleaseWriting,
    JobWriting,
    LedgerWriting,
    NodeWriting,
    UpkeepWriting,
    ReportWriting,
    ViewWriting,
    Reading,
):
    """Everything that can be read and written, in one piece."""


class Store:
    """Where everything is kept."""

    def __init__(
        self, url: str, *, clock: Clock, patience: float = PATIENCE_SECONDS, durable: bool = True, few: Few | None = None
    ) -> None:
        """
        Args:
            url: `sqlite:///file` or `postgresql://user:password@host/name`.
            patience: seconds to wait for another writer before `StoreBusy`.
            durable: False while a database is only being made up (the demo's months): a commit does not wait
                for the disk, so a machine that stops may leave nothing of it.
            few: how many are few, where lists are found in one way or another.

        Raises:
            DatabaseUnsuitable.
        """
        self._database = Database(url, patience=patience, durable=durable)
        self._clock, self._few = clock, few or Few()
        self._offers: set[int] = set()
        #: What a thread is doing as one whole, if it is.
        self._mine = threading.local()

    @property
    def sqlite(self) -> bool:
        """Whether it is a file for one node."""
        return self._database.sqlite

    def create(self) -> None:
        """Make the tables, or bring them up to this version.

        Raises:
            SchemaTooNew: a later version has been here.
        """

        def learn(connection: Connection) -> None:
            Transaction(connection, clock=self._clock, offers=set(), few=self._few).learn_passages()

        schema.upgrade(self._database, learn, self._clock.now())

    def need_current(self) -> None:
        """Raise unless the tables are there and of this version.

        Raises:
            StoreNotCreated, SchemaTooOld, SchemaTooNew.
        """
        schema.need_current(self._database)

    def become_node(self, name: str, *, version: str, at: datetime | None = None) -> None:
        """Begin to serve as a node; the lock is held until `close`.

        Raises:
            SecondNode: SQLite serves one node.
        """
        alone = self._database.become_node()
        with self.begin() as tx:
            tx.note_node(name, version=version, at=at or self._clock.now())
            if alone:
                # Whoever held a job here has died, and a clock that was set back since must not keep it from us.
                tx.return_expired(alone=True)

    def begin(self) -> AbstractContextManager[Transaction]:
        """A write transaction: commits at the end, rolls back when an exception passes.

        Inside a `whole` it is a part of that one, which commits later.

        Raises:
            StoreBusy, StoreFull, StoreUnreachable, ...: nothing was changed.
        """
        whole: Whole[Transaction] | None = getattr(self._mine, "whole", None)
        return self._begun() if whole is None else whole.joined()

    @contextmanager
    def whole(self, first: Callable[[Transaction], None]) -> Iterator[Whole[Transaction]]:
        """One transaction for everything this thread begins in here: committed together at the end, or not at all.

        Args:
            first: what is done in it before anything else, as soon as it is begun.

        Raises:
            StoreBusy, StoreFull, StoreUnreachable, ...: nothing was changed.
        """
        with Whole(self._begun, first).lasting() as whole:
            self._mine.whole = whole
            try:
                yield whole
            finally:
                self._mine.whole = None

    @contextmanager
    def _begun(self) -> Iterator[Transaction]:
        with self._database.writing() as connection:
            transaction = Transaction(connection, clock=self._clock, offers=self._offers, few=self._few)
            yield transaction
        # Only what is committed is known to all.
        self._offers |= transaction._new_offers

    @contextmanager
    def look(self) -> Iterator[Reading]:
        """A reading: one state of everything, nothing written."""
        with self._database.looking() as connection:
            yield Reading(connection, clock=self._clock, offers=self._offers, few=self._few)

    @contextmanager
    def glance(self) -> Iterator[Reading]:
        """A reading of one thing, such as who is signed in: cheaper than a look, and each statement sees its own state."""
        with self._database.glancing() as connection:
            yield Reading(connection, clock=self._clock, offers=self._offers, few=self._few)

    def settle(self) -> None:
        """Let the database take stock of itself: how many rows of what it holds, and what may be given back."""
        self._database.settle()

    def count(self, *, everywhere: bool = False) -> AbstractContextManager[Count]:
        """Count the statements, rows and commits this thread (or every thread of the process) sends meanwhile."""
        return counted(everywhere=everywhere)

    def close(self) -> None:
        """Give the connections and the node's lock back."""
        self._database.close()
