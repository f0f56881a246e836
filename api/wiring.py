"""The parts of a running service, put together from its settings."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.settings import Settings
from engine.almanac import Almanac
from engine.casebook import Casebook
from engine.clock import Clock, StoppedClock, SystemClock
from engine.desk import Desk
from engine.drafting import Drafting
from engine.duties import Duties
from engine.errors import EngineError
from engine.moving import Moving
from engine.publishing import Publishing
from engine.shelf import Shelf
from engine.staff import Staff
from engine.store import Store
from engine.timekeeper import Executor, FolderPost, MailPost, Mending, Post, Waker

VERSION = "0.1.0"
#: How long the answers to requests with an idempotency key are kept, by the clock of cases.
ANSWERS_KEPT = timedelta(days=30)
#: How long wrong passwords are remembered at most; they count for a shorter time (`api.signin`).
TRIES_KEPT = timedelta(hours=1)

log = logging.getLogger("kesu.serve")


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the ways in share."""

    settings: Settings
    clock: Clock
    store: Store
    shelf: Shelf
    desk: Desk
    casebook: Casebook
    publishing: Publishing
    drafting: Drafting
    moving: Moving
    almanac: Almanac
    duties: Duties
    mending: Mending
    staff: Staff
    executor: Executor
    waker: Waker

    @property
    def stopped_clock(self) -> StoppedClock | None:
        """The clock, if it is a simulated one."""
        return self.clock if isinstance(self.clock, StoppedClock) else None

    def close(self) -> None:
        """Stop working and give everything back."""
        # First no more is begun, however much is due; then the threads end.
        self.executor.stop()
        self.waker.stop()
        with contextlib.suppress(EngineError), self.store.begin() as tx:
            if self.stopped_clock is None:
                tx.drop_node(self.settings.node)
            else:
                tx.note_node(self.settings.node, version=VERSION, at=self.clock.now())
        self.store.close()

    def take_up_time(self) -> None:
        """Let a simulated clock go on where it stood when the installation was last used: it never goes back."""
        clock = self.stopped_clock
        if clock is None:
            return
        with self.store.look() as reading:
            latest = reading.latest_moment()
        if latest is not None and latest > clock.now():
            clock.set(latest)


def build(
    settings: Settings, *, clock: Clock | None = None, store: Store | None = None, shelf: Shelf | None = None
) -> Parts:
    """Put the parts together; nothing is started and nothing is created yet."""
    if clock is None:
        clock = StoppedClock(datetime.fromisoformat(settings.start)) if settings.simulated_clock else SystemClock()
    store = store or Store(settings.database, clock=clock)
    shelf = shelf or Shelf()
    desk = Desk(store, clock, shelf)
    lease = timedelta(seconds=settings.lease_seconds)
    executor = Executor(store, desk, clock, node=settings.node, post=_post(settings), lease=lease)

    drafts_kept = timedelta(days=settings.draft_days)
    real = SystemClock() if isinstance(clock, StoppedClock) else clock

    def hold() -> None:
        executor.renew()
        with store.begin() as tx:
            tx.note_node(settings.node, version=VERSION, at=clock.now())
            tx.forget_answers(older_than=ANSWERS_KEPT)
            tx.forget_drafts(before=clock.now() - drafts_kept)
            # Names nobody has are free to invent. Tries are counted, and sessions end, by real time, also where that of
            # cases is simulated.
            tx.forget_tries(before=real.now() - TRIES_KEPT)
            tx.forget_tickets(before=real.now())
            sealed = tx.seal_ledger(clock.now())
        if sealed is not None:
            # The log leaves the database: what it says of the ledger cannot be changed there afterwards.
            log.info("ledger_sealed", extra={"size": sealed.size, "root": sealed.root})

    publishing = Publishing(store, clock, shelf)
    return Parts(
        settings=settings,
        clock=clock,
        store=store,
        shelf=shelf,
        desk=desk,
        casebook=Casebook(store, clock, shelf, drafts_kept=drafts_kept),
        publishing=publishing,
        drafting=Drafting(
            store, clock, publishing, shared=settings.bpmn / "shared", library=settings.forms
        ),
        moving=Moving(store, clock, shelf),
        almanac=Almanac(store, clock, shelf),
        duties=Duties(store, clock, shelf),
        mending=Mending(store, clock),
        staff=Staff(store, clock),
        executor=executor,
        waker=Waker(executor.poke, rest=executor.rest, renew=hold, renew_every=settings.lease_seconds / 3),
    )


def _post(settings: Settings) -> Post:
    if settings.mail_host:
        return MailPost(host=settings.mail_host, port=settings.mail_port, sender=settings.mail_from)
    return FolderPost(settings.outbox)
