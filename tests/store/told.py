"""Histories for the tests of the store, told event by event, without a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from engine import history as h
from engine.authority import Actor
from engine.store import Head, Store, Transaction


def actor(name: str, *roles: str, behalf: str | None = None, behalf_roles: Sequence[str] = ()) -> Actor:
    return Actor(
        name=name, memberships=frozenset(roles), on_behalf_of=behalf, behalf_memberships=frozenset(behalf_roles)
    )


def opened(at: datetime, **facts: Any) -> h.CaseOpened:
    usual: dict[str, Any] = {
        "actor": "intake",
        "pack": "gm",
        "release": "d1",
        "process": "main",
        "flow": "service",
        "channel": "web",
    }
    return h.CaseOpened(at=at, **{**usual, **facts})


def task(at: datetime, name: str, *groups: str, **facts: Any) -> h.TaskOpened:
    return h.TaskOpened(at=at, task=name, element=name.rsplit("-", 1)[0], process="main", groups=groups, **facts)


def done(at: datetime, name: str, by: str = "amy", **facts: Any) -> h.TaskCompleted:
    return h.TaskCompleted(at=at, actor=by, task=name, answers={}, **facts)


def timer(at: datetime, name: str, due: datetime, **facts: Any) -> h.TimerSet:
    return h.TimerSet(at=at, timer=name, element=name.rsplit("-", 1)[0], due=due, **facts)


def errand(at: datetime, name: str, type: str = "send-letter", **facts: Any) -> h.ErrandStarted:
    return h.ErrandStarted(at=at, errand=name, element=name.rsplit("-", 1)[0], type=type, **facts)


def begin(tx: Transaction, first: h.CaseOpened, *more: h.Event, case: str | None = None) -> Head:
    """Open a case with these events."""
    case = case or tx.new_case()
    records, keyring = h.seal(case, [first, *more], after=0, previous=h.GENESIS, keyring=h.Keyring())
    return tx.add(None, records, state=b"state 1", keyring=keyring)


def go_on(tx: Transaction, head: Head, *events: h.Event) -> Head:
    """Let these events happen next."""
    records, keyring = h.seal(head.case, events, after=head.seq, previous=head.hash, keyring=head.keyring)
    return tx.add(head, records, state=f"state {head.seq}".encode(), keyring=keyring)


def a_case(store: Store, *more: h.Event, at: datetime, **facts: Any) -> Head:
    """A case in the store, opened at `at`."""
    with store.begin() as tx:
        return begin(tx, opened(at, **facts), *more)


def then(store: Store, head: Head, *events: h.Event) -> Head:
    """The case, after these events."""
    with store.begin() as tx:
        return go_on(tx, tx.head(head.case), *events)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
