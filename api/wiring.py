"""The parts of a running service, put together from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.settings import Settings
from engine.casebook import Casebook
from engine.clock import Clock, StoppedClock, SystemClock
from engine.desk import Desk
from engine.publishing import Publishing
from engine.shelf import Shelf
from engine.store import Store
from engine.timekeeper import Executor, FolderPost, MailPost, Post, Waker


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
    executor: Executor
    waker: Waker

    @property
    def stopped_clock(self) -> StoppedClock | None:
        """The clock, if it is a simulated one."""
        return self.clock if isinstance(self.clock, StoppedClock) else None

    def close(self) -> None:
        """Stop working and give everything back."""
        self.waker.stop()
        self.executor.stop()
        self.store.close()


def build(settings: Settings, *, clock: Clock | None = None, store: Store | None = None) -> Parts:
    """Put the parts together; nothing is started and nothing is created yet."""
    if clock is None:
        clock = StoppedClock(datetime.fromisoformat(settings.start)) if settings.simulated_clock else SystemClock()
    store = store or Store(settings.database, clock=clock)
    shelf = Shelf()
    desk = Desk(store, clock, shelf)
    executor = Executor(store, desk, clock, node=settings.node, post=_post(settings))
    return Parts(
        settings=settings,
        clock=clock,
        store=store,
        shelf=shelf,
        desk=desk,
        casebook=Casebook(store, clock, shelf),
        publishing=Publishing(store, clock, shelf),
        executor=executor,
        waker=Waker(executor.poke),
    )


def _post(settings: Settings) -> Post:
    if settings.mail_host:
        return MailPost(host=settings.mail_host, port=settings.mail_port, sender=settings.mail_from)
    return FolderPost(settings.outbox)
