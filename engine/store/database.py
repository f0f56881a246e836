"""The database behind the store: how it is reached, how a transaction begins, what was sent to it.

The only place that knows which of the two databases it is, apart from the job claim.
Time comes from the clock that is handed in, never from the database.
"""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, exc, make_url
from sqlalchemy.engine import URL

from engine.store.trouble import DatabaseUnsuitable, SecondNode, StoreBusy, StoreUnreachable, told

#: How long to wait for another writer.
PATIENCE_SECONDS = 30.0


@dataclass(kw_only=True, eq=False)
class Count:
    """What was sent to the database while it was counted."""

    #: SELECT, INSERT, UPDATE, DELETE; one with many rows counts once.
    statements: int = 0
    #: Of what was written; a look commits nothing.
    commits: int = 0
    #: Rows handed over for writing.
    rows: int = 0


_counts: ContextVar[tuple[Count, ...]] = ContextVar("counts", default=())
_counts_of_all: list[Count] = []


@contextmanager
def counted(*, everywhere: bool = False) -> Iterator[Count]:
    """Count what this thread, or with `everywhere` every thread of the process, sends to any database meanwhile."""
    count = Count()
    before = None if everywhere else _counts.set((*_counts.get(), count))
    if everywhere:
        _counts_of_all.append(count)
    try:
        yield count
    finally:
        if before is not None:
            _counts.reset(before)
        else:
            _counts_of_all.remove(count)


class Database:
    """One database, SQLite or PostgreSQL."""

    def __init__(self, url: str, *, patience: float = PATIENCE_SECONDS, durable: bool = True) -> None:
        self.url = _understood(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url, patience, durable) if self.sqlite else _postgresql(self.url, patience)
        self._patience = patience
        _listen(self.engine)
        # SQLite has one writer; waiting for it here is fair and does not poll.
        self._turn = threading.Lock()
        self._node: IO[str] | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at the end, and rolls back when an exception passes."""
        if self.sqlite and not self._turn.acquire(timeout=self._patience):
            raise StoreBusy
        try:
            with self._connected() as connection, connection.execution_options(kesu_writes=True).begin():
                yield connection
        finally:
            if self.sqlite:
                self._turn.release()

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A transaction that sees one state of everything and writes nothing."""
        options = {} if self.sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._connected() as connection:
            # Nothing is written, so nothing is committed: a commit is always something durable.
            transaction = connection.execution_options(**options).begin()
            try:
                yield connection
            finally:
                transaction.rollback()

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """Statements that need not see one state of everything: on PostgreSQL none of them begins a transaction."""
        with self._connected() as connection:
            transaction = connection.execution_options(isolation_level="AUTOCOMMIT").begin() if not self.sqlite else None
            try:
                yield connection
            finally:
                (transaction or connection).rollback()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                yield connection
        except (exc.SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error) as error:
            raise told(error) from error

    def become_node(self) -> bool:
        """Be the node that works on this database; on SQLite there may be one: True when this has just become it.

        Raises:
            SecondNode: another process is it.
        """
        if not self.sqlite or self._node is not None:
            return False
        lock = open(f"{self.url.database}.node", "a+", encoding="utf-8")  # noqa: SIM115 - held until close
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise SecondNode(database=self.url.database) from error
        self._node = lock
        return True

    def settle(self) -> None:
        """Count rows for the planner; on SQLite, also move the log into the file."""
        if not self.sqlite:
            with self.writing() as connection:
                connection.exec_driver_sql("ANALYZE")
            return
        with self._connected() as connection:
            # Past SQLAlchemy, which would begin a transaction: the log cannot be moved inside one.
            driver: Any = connection.connection.driver_connection
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA optimize"):
                driver.execute(statement).fetchall()

    def close(self) -> None:
        """Give everything back."""
        self.engine.dispose()
        if self._node is not None:
            self._node.close()
            self._node = None


def _understood(url: str) -> URL:
    shown = url.split("@")[-1]
    try:
        read = make_url(url)
    except exc.ArgumentError as error:
        raise DatabaseUnsuitable(
            url=shown, reason="write sqlite:///file or postgresql://user:password@host/name"
        ) from error
    match read.get_backend_name():
        case "sqlite" if not read.database or read.database == ":memory:":
            raise DatabaseUnsuitable(url=shown, reason="a database in memory would lose acknowledged work; name a file")
        case "sqlite":
            return read.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres":
            return read.set(drivername="postgresql+psycopg")
    raise DatabaseUnsuitable(url=shown, reason="only sqlite and postgresql are supported")


def _sqlite(url: URL, patience: float, durable: bool) -> Engine:
    if sqlite3.sqlite_version_info < (3, 35):
        raise DatabaseUnsuitable(url=str(url), reason=f"SQLite {sqlite3.sqlite_version} is too old; 3.35 is needed")
    folder = Path(url.database or "").absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnreachable from error
    engine = create_engine(
        url,
        connect_args={"timeout": patience, "check_same_thread": False},
        # What a statement was about may be personal; errors are written to logs.
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions of its own: ours begin with a lock.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'OFF'}",
            "foreign_keys=ON",
            "cache_size=-16000",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("kesu_writes")
        driver: Any = connection.connection.driver_connection
        # A read that becomes a write would fail when another wrote in between: lock at once.
        try:
            driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        except driver.Error as error:
            raise told(error) from error

    return engine


def _postgresql(url: URL, patience: float) -> Engine:
    limits = {
        "lock_timeout": int(patience * 1000),
        "statement_timeout": 60_000,
        "idle_in_transaction_session_timeout": 120_000,
        "timezone": "UTC",
    }
    options = " ".join([str(url.query.get("options", "")), *(f"-c {name}={value}" for name, value in limits.items())])
    return create_engine(
        url,
        connect_args={"options": options, "connect_timeout": max(2, int(patience))},
        isolation_level="READ COMMITTED",
        hide_parameters=True,
    )


def _listen(engine: Engine) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def sent(_c: Any, _cursor: Any, _text: str, parameters: Any, _context: Any, many: bool) -> None:
        for count in (*_counts.get(), *_counts_of_all):
            count.statements += 1
            count.rows += len(parameters) if many else 1

    @event.listens_for(engine, "commit")
    def committed(connection: Connection) -> None:
        for count in (*_counts.get(), *_counts_of_all):
            count.commits += 1

    @event.listens_for(engine, "handle_error")
    def translate(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception or context.original_exception
        # A broken constraint is an answer to some statements; whoever asked will read it.
        if not isinstance(error, exc.IntegrityError) or "events are for ever" in str(error):
            context.chained_exception = told(error)
